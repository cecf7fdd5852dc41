"""Counts of terms that aren't read again for each message."""

from collections.abc import Mapping

from sqlalchemy import update

from bot.domain.entries import ChannelId
from storage.aggregate import table_of
from storage.known_counts import KnownCounts
from storage.store import Store
from storage.tables.listening import TermCountRow
from storage.term_counts import THREADS
from tests.support.storage_makers import OPS, OTHER, SIDE, TEAM

COUNTS = table_of(TermCountRow)


def store_counts(store: Store, counts: Mapping[int, int]) -> None:
    """Store in how many threads terms occur, as another process would."""
    with store.transaction(TEAM) as tx:
        connection = tx.session.connection()
        for term, threads in counts.items():
            here = {"team_id": TEAM, "channel": OPS, "term": term}
            changed = update(COUNTS).filter_by(**here).values(threads=threads)
            if not connection.execute(changed).rowcount:
                connection.execute(COUNTS.insert(), {**here, "threads": threads})


def compare(store: Store, own: int, other: int) -> tuple[int, int]:
    """Return the counts of a thread's own term, and of one that another thread has."""
    with store.read(TEAM) as tx:
        threads = tx.channel_threads(OPS)
        threads.counts({own})
        _, counts = threads.counts({other})
        return counts[own], counts[other]


def test_counts_of_compared_threads_may_be_a_little_old(store: Store) -> None:
    store_counts(store, {THREADS: 2000, 1: 10, 2: 20})
    assert compare(store, 1, 2) == (10, 20)
    store_counts(store, {THREADS: 2010, 1: 11, 2: 21})
    assert compare(store, 1, 2) == (11, 20)
    # The transaction before has read the exact counts, and later ones know them.
    assert compare(store, 2, 1) == (21, 11)
    assert compare(store, 1, 2) == (11, 21)


def test_counts_are_read_again_after_many_threads_were_added(store: Store) -> None:
    store_counts(store, {THREADS: 2000, 1: 10, 2: 20})
    assert compare(store, 1, 2) == (10, 20)
    store_counts(store, {THREADS: 2041, 2: 30})
    assert compare(store, 1, 2) == (10, 30)


def test_counts_of_few_threads_are_always_read(store: Store) -> None:
    store_counts(store, {THREADS: 999, 1: 10, 2: 20})
    assert compare(store, 1, 2) == (10, 20)
    store_counts(store, {2: 21})
    assert compare(store, 1, 2) == (10, 21)


def test_each_channel_of_each_workspace_has_its_own_counts() -> None:
    known = KnownCounts()
    known.of(TEAM, OPS, 1000)[1] = 5
    assert known.of(TEAM, OPS, 1000) == {1: 5}
    assert known.of(TEAM, SIDE, 1000) == {}
    assert known.of(OTHER, OPS, 1000) == {}


def test_few_channels_and_terms_are_known() -> None:
    known = KnownCounts()
    known.of(TEAM, OPS, 1000).update(dict.fromkeys(range(20_000), 5))
    assert known.of(TEAM, OPS, 1000)
    known.of(TEAM, OPS, 1000)[20_000] = 5
    assert known.of(TEAM, OPS, 1000) == {}

    known.of(TEAM, OPS, 1000)[1] = 5
    for number in range(8):
        known.of(TEAM, ChannelId(f"C{number}-new"), 1000)[1] = 5
    assert known.of(TEAM, OPS, 1000) == {}
