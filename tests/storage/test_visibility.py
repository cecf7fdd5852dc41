"""Every query for visible entries returns exactly what `may_see` allows."""

from itertools import product

import pytest

from bot.domain.entries import ChannelId, Entry, Key
from bot.domain.entry_filters import EntryFilter
from bot.domain.kinds import Kind
from bot.domain.visibility import Person, Reader, anyone_in, may_see
from storage.store import Store
from tests.support.storage_makers import ANA, NOW, OPS, OTHER, SECRET, SIDE, TEAM, add, channels

UNKNOWN = ChannelId("C-unknown")
HOMES = (OPS, SIDE, SECRET, UNKNOWN)
PUBLIC = {OPS, SIDE}
NAMED = Key(kind=Kind.ESCALATION, number=1)
PERSONS = [
    Person(id=ANA, name="Ana", guest=guest, stranger=stranger, bot=bot, gone=gone, admin=admin)
    for guest, stranger, bot, gone, admin in product((False, True), repeat=5)
]
SHARED = [
    frozenset(channel for channel, inside in zip(HOMES, chosen, strict=True) if inside)
    for chosen in product((False, True), repeat=len(HOMES))
]


@pytest.fixture
def entries(store: Store) -> list[Entry]:
    """Add an entry to each channel, all with a link to ESC-1, and one in another workspace."""
    with store.transaction(TEAM) as tx:
        channels(tx)
        found = [add(tx, "Failover", home=home, owner=ANA, raises=str(NAMED)) for home in HOMES]
    with store.transaction(OTHER) as tx:
        channels(tx)
        add(tx, "Failover", home=OPS, owner=ANA, raises=str(NAMED))
    return found


def test_every_reader_sees_exactly_what_the_rule_allows(store: Store, entries: list[Entry]) -> None:
    """Try all kinds of people, sets of shared channels, and home channels."""
    with store.read(TEAM) as tx:
        for person, shared in product(PERSONS, SHARED):
            reader = Reader(person=person, channels=shared)
            visible = tx.entries.visible_to(reader)
            allowed = [
                entry
                for entry in entries
                if may_see(reader, entry, private=entry.home not in PUBLIC)
            ]
            assert visible.owned_by(ANA, 9) == allowed
            assert visible.linking_to(NAMED) == [entry.key for entry in allowed]


def test_all_members_of_a_channel_may_see_its_entries(store: Store, entries: list[Entry]) -> None:
    with store.read(TEAM) as tx:
        for entry in entries:
            visible = tx.entries.visible_to(anyone_in(entry.home))
            assert visible.linking_to(NAMED) == [entry.key]


def test_every_query_for_visible_entries_follows_the_rule(
    store: Store, entries: list[Entry]
) -> None:
    open_to_all = [entry.key for entry in entries if entry.home in PUBLIC]
    with store.read(TEAM) as tx:
        visible = tx.entries.visible_to(
            Reader(person=Person(id=ANA, name="Ana"), channels=frozenset())
        )

        ways = [
            visible.search("failover"),
            visible.search("failovre"),
            visible.search("DEC-3 failover"),
            visible.suggest("", None, 9),
            visible.suggest("DEC", None, 9),
            visible.suggest("fail", Kind.DECISION, 9),
            visible.owned_by(ANA, 9),
            visible.list_from(EntryFilter(owners=(ANA,)), NOW, start=None, limit=9),
            [entry for entry in entries if entry.id in visible.candidates("failover").texts],
            [found for entry in entries if (found := visible.get(entry.key))],
        ]
        near = visible.close_keys(entries[2].key)
        count = visible.count_matching(EntryFilter(), NOW, most=9)

    for shown in ways:
        assert sorted(str(entry.key) for entry in shown) == [str(key) for key in open_to_all]
    assert set(near) <= set(open_to_all)
    assert count == len(open_to_all)


def test_a_hidden_entry_corrects_no_typo(store: Store) -> None:
    """A typo isn't corrected to a word that is only in entries the reader may not see."""
    with store.transaction(TEAM) as tx:
        channels(tx)
        add(tx, "Kubernetes", home=SECRET)
        shown = add(tx, "Kubernotes", home=OPS)
        visible = tx.entries.visible_to(
            Reader(person=Person(id=ANA, name="Ana"), channels=frozenset())
        )

        assert visible.search("Kubernetas") == [shown]
        assert visible.search("Kubernetes") == [shown]
        assert visible.search("DEC-1") == []
