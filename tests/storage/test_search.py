"""The search finds what people mean, best first, and no text breaks it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.domain.entries import Key
from bot.domain.kinds import Kind
from bot.domain.revisions import Change
from bot.domain.spelling import distance
from storage.batch_sizes import BatchSizes
from storage.search.spelling import tokens
from storage.store import Store
from storage.tables.search import TermRow
from storage.transaction import Transaction
from tests.support.storage_makers import TEAM, add, channels, content, member, revise


@pytest.fixture
def found(store: Store) -> Store:
    """Add a few entries of an operations team."""
    with store.transaction(TEAM) as tx:
        channels(tx)
        add(tx, "Fail over the primary database", rule="Promote the réplica first.")
        add(tx, "Restart a stuck deployment", rule="Roll it back, then call.", tags="deploy")
        add(tx, "Rotate the certificates", rule="The database needs a restart as well.")
        add(tx, "Database is down", kind=Kind.ESCALATION, severity="sev1")
        add(tx, "Night shift to day shift", kind=Kind.HANDOFF, payload=["open incidents"])
        add(tx, "障害時の切り替え", rule="手順書に従う")
    return store


def titles(store: Store, words: str, **more: object) -> list[str]:
    with store.read(TEAM) as tx:
        return [entry.title for entry in tx.entries.visible_to(member()).search(words, **more)]  # type: ignore[arg-type] # as search takes them


def test_a_word_in_a_title_counts_more_than_one_in_the_text(found: Store) -> None:
    assert titles(found, "database")[-1] == "Rotate the certificates"
    assert len(titles(found, "database")) == 3


def test_entries_with_all_the_words_come_first(found: Store) -> None:
    assert titles(found, "database restart")[0] == "Rotate the certificates"
    assert "Restart a stuck deployment" in titles(found, "database restart")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("promoting replicas", "Fail over the primary database"),
        ("REPLICA", "Fail over the primary database"),
        ("certif", "Rotate the certificates"),
        ("what do we do when a deployment is stuck?", "Restart a stuck deployment"),
        ("#deploy", "Restart a stuck deployment"),
        ("incidents", "Night shift to day shift"),
        ("切り替え", "障害時の切り替え"),
        ("certifcates", "Rotate the certificates"),
        ("cretificatse", "Rotate the certificates"),
        ("primray databsae", "Fail over the primary database"),
        ("nihgt", "Night shift to day shift"),
        ("esc-1", "Database is down"),
        ("ESC 1", "Database is down"),
    ],
)
def test_a_search_finds_what_people_mean(found: Store, words: str, title: str) -> None:
    assert titles(found, words)[0] == title


@pytest.mark.parametrize("words", ["", "   ", "?", "zzzzqq", "xq", "dec-99"])
def test_a_search_for_unknown_words_finds_nothing(found: Store, words: str) -> None:
    assert titles(found, words) == []


def test_a_word_without_a_similar_one_does_not_hide_the_others(found: Store) -> None:
    assert titles(found, "certificates qqqqqqqqq") == ["Rotate the certificates"]


def test_two_spellings_of_a_word_count_once(found: Store) -> None:
    assert titles(found, "cretificates certificates") == ["Rotate the certificates"]


@pytest.mark.parametrize("words", ["gateway", "gatewya", "gateway agreed"])
def test_an_old_title_comes_before_any_number_of_newer_texts(store: Store, words: str) -> None:
    small = BatchSizes(candidates=2, compared=4)
    store = Store(store.engine, batch_sizes=small)
    with store.transaction(TEAM) as tx:
        channels(tx)
        add(tx, "Gateway")
        for number in range(5):
            add(tx, f"Change {number}", rule="The gateway, as agreed.")

    assert titles(store, words)[:3] == ["Gateway", "Change 4", "Change 3"]


def test_a_search_can_be_limited_to_a_kind(found: Store) -> None:
    assert titles(found, "database", kind=Kind.ESCALATION) == ["Database is down"]
    assert titles(found, "database", limit=1) == titles(found, "database")[:1]


def retitle(tx: Transaction, key: str, title: str, change: Change = Change.EDITED) -> None:
    parsed = Key.parse(key)
    entry = None if parsed is None else tx.entries.get(parsed)
    assert entry is not None
    revise(tx, entry, content(title), change)


def test_an_entry_is_found_only_by_the_words_in_force(found: Store) -> None:
    with found.transaction(TEAM) as tx:
        retitle(tx, "DEC-3", "Renew the keys")

    assert titles(found, "certificates") == []
    assert titles(found, "renew")[0] == "Renew the keys"


def test_a_word_is_counted_again_only_if_the_searchable_text_changed(found: Store) -> None:
    """A word that moved to another field gets the weight of that field."""

    def seen() -> int:
        with found.read(TEAM) as tx:
            query = select(TermRow.seen).where(TermRow.team_id == TEAM, TermRow.term == "stuck")
            return tx.session.exec(query).one()

    said = content("Restart a stuck deployment", rule="Roll it back, then call.", tags="deploy")
    assert seen() == 1
    with found.transaction(TEAM) as tx:
        [entry] = tx.entries.visible_to(member()).search("stuck")
        revise(tx, entry, said.changed_with(owner="U-ben"), Change.OWNER)
    assert seen() == 1

    with found.transaction(TEAM) as tx:
        moved = said.changed_with(
            title="Roll it back, then call", rule="Restart a stuck deployment"
        )
        revise(tx, entry, moved)
        other = add(tx, "Something stuck elsewhere")
    assert seen() == 3
    assert titles(found, "stuck") == [other.title, "Roll it back, then call"]


def test_a_retired_entry_is_found_only_when_asked_for(found: Store) -> None:
    with found.transaction(TEAM) as tx:
        retitle(tx, "DEC-3", "Rotate the certificates", Change.RETIRED)

    assert titles(found, "certificates") == []
    assert titles(found, "certificates", current=False) == ["Rotate the certificates"]


def test_an_entry_that_was_rolled_back_is_not_found(found: Store) -> None:
    def vanish() -> None:
        with found.transaction(TEAM) as tx:
            add(tx, "Vanishing")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        vanish()

    assert titles(found, "vanishing") == []


def test_half_a_key_or_title_suggests_entries(found: Store) -> None:
    with found.read(TEAM) as tx:
        visible = tx.entries.visible_to(member())

        def keys(words: str, kind: Kind | None = None, limit: int = 9) -> list[str]:
            return [str(entry.key) for entry in visible.suggest(words, kind, limit)]

        assert keys("", limit=2) == ["DEC-4", "HND-1"]
        assert keys("dec-3") == ["DEC-3"]
        assert keys("1", Kind.HANDOFF) == ["HND-1"]
        assert keys("esc") == ["ESC-1"]
        assert keys("rot") == ["DEC-3"]
        assert keys("primary da") == ["DEC-1"]
        assert keys("database", Kind.ESCALATION) == ["ESC-1"]
        assert keys("restart", Kind.DECISION)[0] == "DEC-2"


def test_a_key_that_does_not_exist_has_close_keys(found: Store) -> None:
    with found.read(TEAM) as tx:
        visible = tx.entries.visible_to(member())
        assert [str(key) for key in visible.close_keys(Key(kind=Kind.DECISION, number=11))] == [
            "DEC-1"
        ]
        assert [str(key) for key in visible.close_keys(Key(kind=Kind.HANDOFF, number=2))] == [
            "DEC-2",
            "HND-1",
        ]
        assert visible.close_keys(Key(kind=Kind.DECISION, number=500)) == []


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60))
def test_no_text_breaks_a_search(found: Store, words: str) -> None:
    with found.read(TEAM) as tx:
        visible = tx.entries.visible_to(member())
        visible.search(words)
        visible.suggest(words, None, 5)
        visible.candidates(words)


@pytest.mark.parametrize(
    "words", ['"', "title:x", "a AND", "NOT b", "x*", "(", "a:*A", "!x & |", "'", "\\", "NEAR(a b)"]
)
def test_no_search_syntax_gets_through(found: Store, words: str) -> None:
    assert titles(found, words + " certificates")[0] == "Rotate the certificates"


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("", "ab", 2), ("disk", "disk", 0), ("dsik", "disk", 1), ("disc", "disks", 2), ("a", "b", 1)],
)
def test_the_distance_between_words_counts_typos(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == distance(other, one) == steps


def test_an_identifier_is_found_by_its_parts(found: Store) -> None:
    with found.transaction(TEAM) as tx:
        add(tx, "KubePodNotReady", rule="Look at its events.")

    assert titles(found, "pod isn't ready")[0] == "KubePodNotReady"
    assert titles(found, "kubepodnotready")[0] == "KubePodNotReady"


def test_other_words_of_the_same_meaning_find_an_entry(found: Store) -> None:
    with found.transaction(TEAM) as tx:
        add(tx, "A notebook was stolen", rule="Lock it remotely.")

    assert titles(found, "my laptop is gone")[0] == "A notebook was stolen"


def test_a_common_word_that_no_entry_has_is_not_a_typo(found: Store) -> None:
    """`pager` is close to `page`, which is another thing."""
    with found.transaction(TEAM) as tx:
        add(tx, "Publish a page of the handbook")

    with found.read(TEAM) as tx:
        candidates = tx.entries.visible_to(member()).candidates("pagers databse")
    assert candidates.question == "pagers database"


def test_words_lose_case_and_accents() -> None:
    assert tokens("KubePod HTTPServer Kube") == [
        *("kubepod", "kube", "pod", "httpserver", "http", "server", "kube")
    ]
    assert tokens("Réplica_EU-1: ＤＮＳ, 手順") == ["replica", "eu", "1", "dns", "手", "順"]
