"""Threads that are compared: their messages, terms, counts, links and groups."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.entries import ChannelId, EntryId
from bot.domain.gaps import GapId, GapState, NewGap
from bot.domain.listening.history import History
from bot.domain.listening.placing import LATEST, REMEMBERED
from bot.domain.listening.profiles import Profile
from storage.gap_searches import add_search, searches_of
from storage.store import Store
from storage.threads import ChannelThreads
from storage.transaction import Transaction
from tests.support.heard_makers import (
    CAGE,
    EXPORTS,
    PRINTER,
    place,
    place_exports,
    put,
    thread,
)
from tests.support.storage_makers import ANA, BEN, DAY, NOW, OPS, OTHER, SIDE, TEAM, add, occurrence

NEW = ChannelId("C-new")


def profile_of(tx: Transaction, root: str, terms: set[int], at: datetime = NOW) -> Profile:
    """Store a thread with exactly these terms, which Ana opened and Ben settled."""
    profile = replace(put(tx, root, thread(root, *CAGE, at=at)), whole=frozenset(terms), at=at)
    tx.channel_threads(OPS).replace(root, profile)
    return profile


def searches_for(tx: Transaction, gap: int) -> set[str]:
    """Return who searched for a gap."""
    return {search.user for search in searches_of(tx.session, TEAM, GapId(gap))}


def counted(threads: ChannelThreads, terms: Collection[int]) -> tuple[int, dict[int, int]]:
    """Return how many threads there are, and in how many the terms occur that occur in any."""
    total, counts = threads.counts(terms)
    return total, {term: counts[term] for term in terms if counts[term]}


def test_a_message_is_read_as_it_was_stored(store: Store) -> None:
    [opening, answer] = thread("1.0", *EXPORTS[0])
    features = replace(opening.heard, mentions=frozenset({BEN}), meaning=b"\x01\x02")
    opening = replace(opening, heard=features, entry=EntryId(7), coverage=0.25)
    with store.transaction(TEAM) as tx:
        put(tx, "1.0", [opening, answer])
    with store.read(TEAM) as tx:
        found = tx.heard.get(OPS, "1.0")
        assert found is not None
        root, message = found
        assert root == "1.0"
        assert replace(message.heard, reading=opening.heard.reading) == opening.heard
        assert message.heard.reading.act is opening.heard.reading.act
        assert message.heard.reading.settles == pytest.approx(
            opening.heard.reading.settles, abs=0.001
        )
        assert (message.excerpt, message.entry, message.coverage) == (EXPORTS[0][0], 7, 0.25)
        assert tx.heard.get(SIDE, "1.0") is None
    with store.read(OTHER) as tx:
        assert tx.heard.get(OPS, "1.0") is None


def test_the_first_messages_of_threads_are_read_oldest_first(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        messages = thread("1.0", "one", "two", "three")
        put(tx, "1.0", messages[::-1])
        put(tx, "2.0", thread("2.0", "other"))
        put(tx, "1.0", thread("1.0", "elsewhere"), SIDE)

        found = tx.heard.of_threads(OPS, ["1.0", "2.0", "9.0"])
        assert {root: [one.excerpt for one in stored] for root, stored in found.items()} == {
            "1.0": ["one", "two", "three"],
            "2.0": ["other"],
        }
        [first] = tx.heard.of_threads(OPS, ["1.0"], 1)["1.0"]
        assert first.excerpt == "one"
        assert tx.heard.remove(OPS, messages[1].heard.ts) == "1.0"
        assert tx.heard.remove(OPS, messages[1].heard.ts) is None
        remaining = tx.heard.of_threads(OPS, ["1.0"])["1.0"]
        assert [one.excerpt for one in remaining] == ["one", "three"]


def test_a_channel_is_hot_after_a_message_of_an_incident(store: Store) -> None:
    [message] = thread("1.0", "Checkout is down")
    incident = replace(message, heard=replace(message.heard, reading=_incident(message)))
    with store.transaction(TEAM) as tx:
        put(tx, "1.0", [incident])
        put(tx, "2.0", thread("2.0", "Lunch?"), SIDE)

        assert tx.heard.is_hot(OPS, NOW)
        assert not tx.heard.is_hot(OPS, NOW + DAY)
        assert not tx.heard.is_hot(SIDE, NOW)
    with store.read(OTHER) as tx:
        assert not tx.heard.is_hot(OPS, NOW)


def _incident(message: Any) -> Any:  # noqa: ANN401 - a reading
    return replace(message.heard.reading, incident=True)


def test_a_thread_is_counted_once_however_often_it_is_compared(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        threads = tx.channel_threads(OPS)
        profile_of(tx, "1.0", {1, 2})
        profile_of(tx, "2.0", {2})
        assert counted(threads, [1, 2, 3]) == (2, {1: 1, 2: 2})
        assert threads.settled([ANA, BEN]) == {ANA: 0, BEN: 2}

        again = profile_of(tx, "1.0", {2, 3})
        threads.replace("1.0", replace(again, settler=ANA))
        assert counted(threads, [1, 2, 3]) == (2, {2: 2, 3: 1})
        assert threads.settled([ANA, BEN]) == {ANA: 1, BEN: 1}
        assert threads.wholes(["1.0", "2.0"]) == {"1.0": {2, 3}, "2.0": {2}}
        assert threads.profiles(["1.0"])["1.0"].asker == ANA
        assert counted(tx.channel_threads(SIDE), [2]) == (0, {})
    with store.read(OTHER) as tx:
        assert counted(tx.channel_threads(OPS), [2]) == (0, {})
        assert tx.channel_threads(OPS).settled([BEN]) == {BEN: 0}
        assert tx.channel_threads(OPS).wholes(["1.0"]) == {}


def test_threads_are_found_by_the_weight_of_their_common_terms(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        profile_of(tx, "1.0", {1})
        profile_of(tx, "2.0", {2, 3}, NOW + DAY)
        profile_of(tx, "3.0", {1, 2}, NOW + DAY)
        profile_of(tx, "4.0", {9}, NOW + DAY)
        threads = tx.channel_threads(OPS)
        weights = {1: 3.0, 2: 1.0, 3: 1.0, 5: 9.0}

        assert threads.sharing(weights, NOW, 9) == ["3.0", "1.0", "2.0"]
        assert threads.sharing(weights, NOW, 2) == ["3.0", "1.0"]
        assert threads.sharing(weights, NOW + DAY, 9) == ["3.0", "2.0"]
        assert threads.sharing({}, NOW, 9) == []
        assert tx.channel_threads(SIDE).sharing(weights, NOW, 9) == []
    with store.read(OTHER) as tx:
        assert tx.channel_threads(OPS).sharing(weights, NOW, 9) == []


def test_only_the_latest_threads_with_a_common_term_are_found(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        messages = thread("1.0", *CAGE)
        profile = put(tx, "1.0", messages)
        for number in range(LATEST + 5):
            at = NOW + timedelta(minutes=number)
            numbered = replace(profile, whole=frozenset({7}), at=at)
            tx.channel_threads(OPS).replace(f"{number:03}", numbered)

        found = tx.channel_threads(OPS).sharing({7: 1.0}, NOW, 999)

    assert found == [f"{number:03}" for number in range(5, LATEST + 5)]


def test_links_are_seen_from_either_thread_until_one_of_them_changes(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        first = profile_of(tx, "1.0", {1})
        profile_of(tx, "2.0", {1})
        profile_of(tx, "3.0", {1})
        threads = tx.channel_threads(OPS)
        threads.link("1.0", {"2.0": 0.5, "3.0": 0.25})
        threads.link("3.0", {})
        assert threads.links(["1.0", "2.0", "3.0"]) == {
            "1.0": {"2.0": 0.5, "3.0": 0.25},
            "2.0": {"1.0": 0.5},
            "3.0": {"1.0": 0.25},
        }
        assert tx.channel_threads(SIDE).links(["1.0"]) == {}

        threads.replace("1.0", first)
        assert threads.links(["1.0", "2.0", "3.0"]) == {}
    with store.read(OTHER) as tx:
        assert tx.channel_threads(OPS).links(["2.0"]) == {}


def test_threads_are_regrouped_under_numbers_that_stay(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        for number in range(4):
            profile_of(tx, f"{number}.0", {1}, NOW + number * DAY)
        threads = tx.channel_threads(OPS)
        first = threads.regroup([(None, ["1.0", "0.0"]), (None, ["2.0"])])
        gap = first["0.0"]
        assert first == {"0.0": gap, "1.0": gap}
        assert threads.groups(["0.0", "1.0", "2.0"]) == first
        assert threads.members([gap]) == {gap: ["0.0", "1.0"]}

        second = threads.regroup([(gap, ["0.0", "2.0"]), (None, ["1.0"])])
        assert second == {"0.0": gap, "2.0": gap}
        assert threads.groups(["1.0"]) == {}
        assert threads.changed == {gap}

        split = threads.regroup([(None, ["0.0", "3.0"]), (None, ["2.0"])])
        assert split["0.0"] not in {gap, None}
        assert threads.members([gap]) == {gap: []}
        assert threads.changed == {gap, split["0.0"]}
        assert tx.channel_threads(SIDE).members([gap]) == {gap: []}
    with store.read(OTHER) as tx:
        assert tx.channel_threads(OPS).groups(["0.0"]) == {}


def test_searches_stay_with_the_threads_of_a_gap_that_dissolves(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        for number in range(5):
            place(tx, f"{number}.0", *CAGE, at=NOW + number * DAY)
        threads = tx.channel_threads(OPS)
        first = threads.regroup([(None, ["0.0", "1.0", "2.0"]), (None, ["3.0", "4.0"])])
        for user, gap in ((ANA, first["0.0"]), (BEN, first["0.0"]), (ANA, first["3.0"])):
            add_search(tx.session, TEAM, GapId(gap), user=user, at=NOW)

        # Most threads of a gap are in another one now.
        joined = threads.regroup([(first["3.0"], ["1.0", "2.0", "3.0", "4.0"]), (None, ["0.0"])])
        assert searches_for(tx, joined["1.0"]) == {ANA, BEN}
        assert threads.groups(["0.0"]) == {}

        # Each thread is alone, and then two are grouped again.
        alone = [(None, [f"{number}.0"]) for number in range(1, 5)]
        assert threads.regroup(alone) == {}
        assert threads.groups(["1.0", "2.0", "3.0", "4.0"]) == {"1.0": joined["1.0"]}
        again = threads.regroup([(joined["1.0"], ["1.0", "4.0"])])
        assert searches_for(tx, again["4.0"]) == {ANA, BEN}


def test_the_threads_of_some_channels_are_asked_together(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        place_exports(tx)
        place(tx, "8.0", *EXPORTS[0], at=NOW + 9 * DAY, channel=SIDE)
        place(tx, "9.0", *EXPORTS[0], at=NOW + 9 * DAY, channel=NEW)
        here = tx.channel_threads(OPS)
        gap = here.groups(["1.0"])["1.0"]
        entry = add(tx, "Nightly export hangs")
        tx.gaps.set_state(GapId(gap), GapState.RECORDED, entry.id)
        terms = here.wholes(["1.0"])["1.0"]
        weights = dict.fromkeys(sorted(terms), 1.0)

        asked = tx.asked_threads([OPS, SIDE])

        total, counts = asked.counts(terms)
        assert total == 4
        assert all(counts[term] >= 2 for term in terms)
        found = asked.sharing(weights, NOW - DAY, 9)
        assert set(found[:2]) == {(OPS, "1.0"), (SIDE, "8.0")}
        assert {channel for channel, _ in found} == {OPS, SIDE}
        assert asked.sharing(weights, NOW + 5 * DAY, 9) == [(SIDE, "8.0")]
        assert asked.wholes(found)[OPS, "1.0"] == terms
        assert asked.recorded == {
            (OPS, thread): entry.id for thread in here.members([gap])[gap] if (OPS, thread) in found
        }
        assert tx.asked_threads([]).sharing(weights, NOW - DAY, 9) == []
    with store.read(OTHER) as tx:
        assert tx.asked_threads([OPS]).counts(terms)[0] == 0


def test_a_gap_that_a_person_settled_is_closed(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        profile_of(tx, "1.0", {1})
        profile_of(tx, "2.0", {1})
        threads = tx.channel_threads(OPS)
        gap = threads.regroup([(None, ["1.0", "2.0"])])["1.0"]
        assert threads.closed([gap]) == []
        for state in (GapState.DISMISSED, GapState.RECORDED):
            tx.gaps.set_state(GapId(gap), state)
            assert threads.closed([gap]) == [gap]
    with store.read(OTHER) as tx:
        assert tx.channel_threads(OPS).closed([gap]) == []


def test_a_matter_that_was_settled_takes_its_next_thread_and_loses_none(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        place_exports(tx)
        threads = tx.channel_threads(OPS)
        gap = threads.groups(["1.0"])["1.0"]
        tx.gaps.set_state(GapId(gap), GapState.DISMISSED)
        place(tx, "4.0", *EXPORTS[0], at=NOW + 4 * DAY)
        place(tx, "5.0", *CAGE, at=NOW + 5 * DAY)

        assert threads.members([gap]) == {gap: ["1.0", "2.0", "3.0", "4.0"]}
        place(tx, "1.0", *PRINTER)
        assert threads.members([gap]) == {gap: ["1.0", "2.0", "3.0", "4.0"]}


def test_a_forgotten_thread_is_no_longer_counted_found_or_linked(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        place_exports(tx)
        threads = tx.channel_threads(OPS)
        terms = threads.wholes(["1.0"])["1.0"]
        gap = threads.groups(["1.0"])["1.0"]
        threads.changed.clear()

        threads.forget("1.0")
        threads.forget("9.0")

        assert threads.changed == {gap}
        assert threads.counts(terms)[0] == 2
        assert threads.members([gap]) == {gap: ["2.0", "3.0"]}
        assert "1.0" not in threads.sharing(dict.fromkeys(terms, 1.0), NOW - DAY, 99)
        assert threads.wholes(["1.0"]) == {}
        assert "1.0" not in str(threads.links(["1.0", "2.0", "3.0"]))


def test_a_thread_whose_gap_was_too_old_gets_a_new_one(store: Store) -> None:
    """Gaps are forgotten before their threads."""
    with store.transaction(TEAM) as tx:
        place_exports(tx)
        old = tx.channel_threads(OPS).groups(["1.0"])["1.0"]
        shown = NewGap(channel=OPS, act="", title="", occurrences=(occurrence("1"),))
        tx.gaps.fill(GapId(old), shown)
        assert tx.gaps.forget_before(NOW + DAY, 9) == 1
        assert tx.channel_threads(OPS).groups(["1.0", "2.0", "3.0"]) == {}

        place(tx, "4.0", *EXPORTS[1], at=NOW + 4 * DAY)

        groups = tx.channel_threads(OPS).groups(["2.0", "4.0"])
        assert set(groups) == {"2.0", "4.0"}
        assert old not in groups.values()


def test_a_link_is_forgotten_in_both_directions_with_the_older_thread(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        place_exports(tx)
        before = tx.channel_threads(OPS).links(["1.0", "2.0", "3.0"])
        assert "2.0" in before["1.0"]
        assert "2.0" in before["3.0"]
        # Places "2.0" again, now as the one that is compared last.
        place(tx, "2.0", *EXPORTS[1], at=NOW + 2 * DAY)
        tx.heard.forget_threads_before(NOW + 2 * DAY, 999)

        links = tx.channel_threads(OPS).links(["1.0", "2.0", "3.0"])

        assert sorted(links) == ["2.0", "3.0"]
        assert (*links["2.0"], *links["3.0"]) == ("3.0", "2.0")


def test_a_thread_compared_again_has_only_its_new_links(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        place_exports(tx)
        place(tx, "2.0", *CAGE, at=NOW + 2 * DAY)

        links = tx.channel_threads(OPS).links(["1.0", "2.0", "3.0"])

        assert "2.0" not in links["1.0"]
        assert "2.0" not in links["3.0"]
        assert "1.0" not in links.get("2.0", {})


def test_old_messages_and_threads_are_forgotten_in_batches(store: Store) -> None:
    with store.transaction(TEAM) as tx:
        place_exports(tx)
        later = NOW + REMEMBERED
        place(tx, "4.0", *CAGE, at=later)
    with store.transaction(OTHER) as tx:
        assert tx.heard.forget_before(later, 99) == 0
        assert tx.heard.forget_threads_before(later, 99) == 0
    with store.transaction(TEAM) as tx:
        assert tx.heard.forget_before(later, 4) == 4
        assert tx.heard.forget_before(later, 4) == 2
        while tx.heard.forget_threads_before(later, 5) == 5:
            pass
        threads = tx.channel_threads(OPS)
        assert set(threads.wholes(["1.0", "2.0", "3.0", "4.0"])) == {"4.0"}
        assert threads.links(["1.0", "2.0", "3.0"]) == {}
        terms = threads.wholes(["4.0"])["4.0"]
        assert threads.sharing(dict.fromkeys(terms, 1.0), NOW - DAY, 9) == ["4.0"]
        assert list(tx.heard.of_threads(OPS, ["1.0", "4.0"])) == ["4.0"]


def test_a_channel_with_a_new_id_keeps_its_threads(store: Store) -> None:
    """The new id may have heard something already, so both are counted."""
    for team in (TEAM, OTHER):
        with store.transaction(team) as tx:
            place_exports(tx)
            place(tx, "4.0", *EXPORTS[0], at=NOW + 4 * DAY, channel=NEW)
    with store.transaction(TEAM) as tx:
        gap = tx.channel_threads(OPS).groups(["1.0"])["1.0"]
        terms = tx.channel_threads(NEW).wholes(["4.0"])["4.0"]
        tx.channels.change_id(OPS, NEW)

        threads = tx.channel_threads(NEW)
        assert threads.members([gap]) == {gap: ["1.0", "2.0", "3.0"]}
        total, counts = threads.counts(terms)
        assert total == 4
        assert min(counts[term] for term in terms) == 2
        assert sorted(threads.links(["2.0"])["2.0"]) == ["1.0", "3.0"]
        assert len(threads.sharing(dict.fromkeys(terms, 1.0), NOW - DAY, 9)) == 4
        assert set(threads.profiles(["1.0", "4.0"])) == {"1.0", "4.0"}
        assert counted(tx.channel_threads(OPS), terms) == (0, {})
        for number, texts in enumerate([*EXPORTS, EXPORTS[0]], 1):
            place(tx, f"{number}.0", *texts, at=NOW + number * DAY, channel=NEW)
        assert threads.counts([])[0] == 4
    with store.read(OTHER) as tx:
        assert tx.channel_threads(OPS).counts([])[0] == 3


def test_threads_compared_at_once_wait_for_each_other_and_never_for_ever(store: Store) -> None:
    """They count the same terms, one up and one down, in opposite directions."""
    with store.transaction(TEAM) as tx:
        profiles = [profile_of(tx, f"{number}.0", set(range(40))) for number in range(4)]
    ready = Barrier(4)

    def change(number: int) -> None:
        halves = [frozenset(range(20)), frozenset(range(20, 40))]
        for turn in range(15):
            whole = halves[(turn + number) % 2]
            if turn == 0:
                ready.wait()
            with store.transaction(TEAM) as tx:
                threads = tx.channel_threads(OPS)
                threads.replace(f"{number}.0", replace(profiles[number], whole=whole))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(4)))

    with store.read(TEAM) as tx:
        expected = dict.fromkeys(range(40), 2)
        assert counted(tx.channel_threads(OPS), range(40)) == (4, expected)


_WORDS = (
    *("export", "nightly", "lock", "backend", "cancel", "resume", "finance", "stuck"),
    *("printer", "paper", "label", "cabinet", "cage", "key", "drawer", "desk"),
    *("who knows?", "again", "please", "db-01", "web-02", "restart", "the", "on call"),
)
_TEXTS = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=9).map(" ".join)
_THREADS = st.lists(
    st.tuples(st.integers(0, 11), st.lists(_TEXTS, min_size=1, max_size=3)),
    min_size=1,
    max_size=24,
)


@given(_THREADS)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_database_groups_threads_as_memory_does(
    store: Store, said: list[tuple[int, list[str]]]
) -> None:
    """A thread that is said again has gone on, so it is compared again."""
    history: History[str] = History()
    roots: set[str] = set()
    with store.transaction(TEAM) as tx:
        channel = _fresh(tx)
        for number, texts in said:
            at = NOW + timedelta(hours=number)
            place(tx, f"{number:02}", *texts, at=at, channel=channel, history=history)
            roots.add(f"{number:02}")
            _assert_same(tx, channel, history, roots)


def _fresh(tx: Transaction) -> ChannelId:
    """Return a channel without threads, because a database is the same for all examples."""
    number = 0
    while tx.channel_threads(channel := ChannelId(f"C{number}")).counts([])[0]:
        number += 1
    return channel


def _assert_same(
    tx: Transaction, channel: ChannelId, history: History[str], roots: set[str]
) -> None:
    threads = tx.channel_threads(channel)
    groups = threads.groups(roots)
    parts = {frozenset(members) for members in threads.members(set(groups.values())).values()}
    assert parts == {frozenset(members) for members in history.all_groups.values()}
    known = {root: links for root, links in history.links(roots).items() if links}
    stored = threads.links(roots)
    assert stored.keys() == known.keys()
    for root, links in stored.items():
        assert links == pytest.approx(known[root])
