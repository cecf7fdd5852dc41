"""Approval and review: an entry with 1,000 revisions, and one reader's list of 100,000 entries."""

import gc
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from bot.domain.entries import ChannelId, Entry, UserId
from bot.domain.kinds import Kind
from bot.domain.revisions import Change, Content
from bot.domain.visibility import Person, Reader
from bot.usecases.approval.proposals import list_proposals
from bot.usecases.entries.find import read_card_as_of
from bot.usecases.entries.history import compare_revisions, read_history
from bot.usecases.review.verdicts import list_reviews
from storage.aggregate import table_of
from storage.migrate import upgrade
from storage.store import Store
from storage.tables.approval import ProposalRow
from storage.tables.entries import RevisionRow
from tests.bench.figures import Figure, percentile
from tests.bench.filling import NOW, TEAM, fill, postgresql

_REVISIONS: Final = 1_000
_PROPOSALS: Final = 2_000
_ROUNDS: Final = 200
_HOME: Final = ChannelId("C1")
_READER: Final = Reader(
    person=Person(id=UserId("U1"), name="ana"), channels=frozenset({_HOME, ChannelId("C11")})
)
# By then, everything that U1 owns is due.
_LATER: Final = NOW + timedelta(days=400)

# Entries were inserted with their ids, and PostgreSQL counts ids by itself.
_PAST_THE_FILLED: Final = text("SELECT setval(pg_get_serial_sequence('entries', 'id'), 200000)")

# The simplest query for each: only the rows that it needs.
_PAGE: Final = text(
    "SELECT * FROM revisions WHERE team_id = 'T1' AND entry_id = :entry AND number <= :start "
    "ORDER BY number DESC LIMIT 10"
)
_PAIR: Final = text(
    "SELECT * FROM revisions WHERE team_id = 'T1' AND entry_id = :entry AND number IN (:start, 1)"
)
_THEN: Final = text(
    "SELECT revisions.* FROM landings JOIN revisions ON revisions.team_id = landings.team_id "
    "AND revisions.entry_id = landings.entry_id AND revisions.number = landings.revision "
    "WHERE landings.team_id = 'T1' AND landings.entry_id = :entry AND landings.revision <= :start "
    "ORDER BY landings.revision DESC LIMIT 1"
)
_QUEUE: Final = text(
    "SELECT * FROM entries WHERE team_id = 'T1' AND state = 'in_force' AND owner = 'U1' "
    "AND due_at <= :now ORDER BY due_at LIMIT 30"
)


def reviewing() -> Iterator[Figure]:
    """Measure each request of a person, and the database's own query for the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _figures("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}")
    with postgresql() as url:
        yield from _figures("PostgreSQL", url)


def _figures(name: str, url: str) -> Iterator[Figure]:
    chance = random.Random(7)
    upgrade(url)
    store = Store.open(url)
    entry = _long_lived(store, fill(store, chance))
    _propose(store)
    if store.dialect == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))
    # The bot didn't fill the tables, so it shouldn't look through that for garbage.
    gc.collect()
    gc.freeze()
    key, at = str(entry.key), [chance.randint(2, _REVISIONS) for _ in range(_ROUNDS)]

    def raw(query: Any) -> Callable[[int], object]:  # noqa: ANN401 - SQLAlchemy's own
        def run(number: int) -> object:
            values = {"entry": entry.id, "start": number, "now": _LATER.replace(tzinfo=None)}
            names = query.compile().params
            with store.read(TEAM) as tx:
                wanted = {name: values[name] for name in names}
                return tx.session.connection().execute(query, wanted).all()

        return run

    def history(number: int) -> object:
        return read_history(store, TEAM, reader=_READER, key=f"{key}@{number}")

    def diff(number: int) -> object:
        return compare_revisions(store, TEAM, reader=_READER, key=key, old=1, new=number).changes

    def as_of(number: int) -> object:
        when = f"{NOW + timedelta(days=number):%Y-%m-%d %H:%M}"
        later = NOW + timedelta(days=2 * _REVISIONS)
        return read_card_as_of(store, TEAM, reader=_READER, key=key, when=when, now=later)

    def queue(_: int) -> object:
        waits = list_proposals(store, TEAM, reader=_READER, key="")
        due = list_reviews(
            store, TEAM, reader=_READER, key="", describe=lambda _: _READER, now=_LATER
        )
        assert any(waits)
        assert due.more > 0
        return due

    yield from _compared(f"{name}, {_REVISIONS:,} revisions: history", history, raw(_PAGE), at)
    yield from _compared(f"{name}, {_REVISIONS:,} revisions: diff", diff, raw(_PAIR), at)
    yield from _compared(f"{name}, {_REVISIONS:,} revisions: as of a day", as_of, raw(_THEN), at)
    yield from _compared(f"{name}, 100,000 entries: the review queue", queue, raw(_QUEUE), at)
    store.close()


def _compared(
    name: str, ours: Callable[[int], object], raw: Callable[[int], object], at: list[int]
) -> Iterator[Figure]:
    """Measure both in turn, so that a busy moment of the machine slows both."""
    our_times: list[float] = []
    base: list[float] = []
    for number in at[:10]:
        ours(number)
        raw(number)
    for number in at:
        for ask, times in ((ours, our_times), (raw, base)):
            began = time.perf_counter()
            ask(number)
            times.append((time.perf_counter() - began) * 1000)
    yield Figure(f"{name}, median", percentile(our_times, 0.5), "ms")
    yield Figure(f"{name}, p99", percentile(our_times, 0.99), "ms", 50)
    ratio = percentile(our_times, 0.5) / percentile(base, 0.5)
    yield Figure("  median over the raw query's", ratio, "times")


def _long_lived(store: Store, documents: list[list[str]]) -> Entry:
    """Return an entry with 1,000 revisions of about 600 characters, one in force per day."""
    words = documents[0] * 2
    if store.dialect == "postgresql":
        with store.transaction(TEAM) as tx:
            tx.session.connection().execute(_PAST_THE_FILLED)
    with store.transaction(TEAM) as tx:
        tx.session.connection().execute(
            text("INSERT INTO counters (team_id, kind, last) VALUES ('T1', 'decision', 200000)")
        )
        written_by: dict[str, Any] = {"author": UserId("U1"), "at": NOW}
        content = _content(words, 0)
        entry = tx.entries.add(content, home=_HOME, due_at=_LATER + timedelta(days=1), **written_by)
    for number in range(1, _REVISIONS):
        with store.transaction(TEAM) as tx:
            at, new = NOW + timedelta(days=number), _content(words, number)
            written = tx.entries.write(
                entry.id, new, author=UserId("U1"), at=at, note="", change=Change.EDITED
            )
            tx.entries.land(entry.id, written, by=UserId("U1"), at=at)
    return entry


def _content(words: list[str], number: int) -> Content:
    turned = words[number % len(words) :] + words[: number % len(words)]
    typed = {"title": "It changes daily", "rule": " ".join(turned[:96]), "owner": "U1"}
    return Content.of(Kind.DECISION, typed)


def _propose(store: Store) -> None:
    """Open proposals for entries of many channels."""
    revisions, proposals = [], []
    for number in range(1, _PROPOSALS + 1):
        at = NOW + timedelta(minutes=number)
        revisions.append(
            {
                "team_id": TEAM,
                "entry_id": number,
                "number": 2,
                "kind": "decision",
                "content": {"title": "Otherwise", "rule": "Do it otherwise.", "owner": "U1"},
                "author": "U2",
                "at": at,
                "note": "",
                "change": "edited",
                "effect": "rule",
                "superseded_by": "",
                "salt": "",
            }
        )
        proposals.append(
            {
                "team_id": TEAM,
                "entry_id": number,
                "revision": 2,
                "base": 1,
                "author": "U2",
                "owner": "U1",
                "state": "proposed",
                "opened_at": at,
                "changed_at": at,
            }
        )
    with store.transaction(TEAM) as tx:
        connection = tx.session.connection()
        connection.execute(table_of(RevisionRow).insert(), revisions)
        connection.execute(table_of(ProposalRow).insert(), proposals)
