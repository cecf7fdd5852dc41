"""In how many threads of a channel each term occurs, and how many each person settled."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, cast
from zlib import crc32

from sqlalchemy import JSON, bindparam, text
from sqlmodel import Session

from bot.domain.entries import ChannelId, TeamId, UserId
from storage.aggregate import Queries, dialect_of, insert, table_of
from storage.known_counts import KNOWN_COUNTS, KnownCounts
from storage.tables.listening import TermCountRow

# Among the counts of a channel's terms, this one counts its threads. No hash of a term is negative.
THREADS: Final = -1
_COUNTS: Final = table_of(TermCountRow)

# The terms are one value, because writing hundreds of them into a statement takes longer than
# reading their counts.
_READ: Final = {
    "sqlite": text(
        "SELECT term, threads FROM term_counts WHERE team_id = :team AND channel = :channel "
        "AND term IN (SELECT value FROM json_each(:terms))"
    ).bindparams(bindparam("terms", type_=JSON)),
    "postgresql": text(
        "SELECT term, threads FROM term_counts WHERE team_id = :team AND channel = :channel "
        "AND term = ANY(:terms)"
    ),
}

# A thread's settler and its terms.
Counted = tuple[UserId, Iterable[int]]


class TermCounts(Queries):
    """The counts of one channel. A count is read once in a transaction.

    The first ones that a transaction reads are those of a thread that changed. In a channel with
    many threads, the later ones, of threads that it is compared with, may be a little old.
    """

    def __init__(self, session: Session, team: TeamId, channel: ChannelId) -> None:
        super().__init__(session, team)
        self._channel = channel
        self._known: dict[int, int] = {}

    def threads(self, terms: Collection[int]) -> tuple[int, Mapping[int, int]]:
        """Return how many threads there are, and in how many of them each term occurs.

        The mapping is the same one each time, and may have other counts too.
        """
        if THREADS in self._known:
            lately = self._lately()
            new = (lately.keys() & terms) - self._known.keys()
            self._known.update({term: lately[term] for term in new})
        counts = self._read([THREADS, *terms])
        return counts[THREADS], counts

    def settled(self, users: Collection[UserId]) -> Mapping[UserId, int]:
        """Return how many threads each person settled."""
        keys = {user: _settler_key(user) for user in users}
        counts = self._read(keys.values())
        return {user: counts[key] for user, key in keys.items()}

    def change(self, before: Counted | None, after: Counted | None) -> None:
        """Count a thread under other keys than before; None if it isn't counted."""
        old = count_keys(*before) if before else frozenset[int]()
        new = count_keys(*after) if after else frozenset[int]()
        here = {"team_id": self._team, "channel": self._channel}
        # Sorted, because two transactions could deadlock otherwise.
        rows = [
            {**here, "term": key, "threads": 1 if key in new else -1} for key in sorted(old ^ new)
        ]
        if rows:
            self._known = {}
            self._session.connection().execute(_count_up(dialect_of(self._session)), rows)

    def _read(self, keys: Iterable[int]) -> Mapping[int, int]:
        """Return the counts of all keys that were read, these among them; 0 if there is none."""
        missing = sorted({key for key in keys if key not in self._known})
        if missing:
            wanted = {"team": self._team, "channel": self._channel, "terms": missing}
            statement = _READ[dialect_of(self._session)]
            rows = self._session.connection().execute(statement, wanted)
            found = dict.fromkeys(missing, 0)
            found.update(cast("Sequence[tuple[int, int]]", rows.all()))
            self._known.update(found)
            self._lately().update(found)
        return self._known

    def _lately(self) -> dict[int, int]:
        """Return the counts that transactions read lately, to use and to fill."""
        known: KnownCounts = self._session.info.get(KNOWN_COUNTS) or KnownCounts()
        return known.of(self._team, self._channel, self._known.get(THREADS, 0))


def count_keys(settler: UserId, terms: Iterable[int]) -> frozenset[int]:
    """Return the keys under which a thread is counted."""
    return frozenset([THREADS, _settler_key(settler), *terms])


def _settler_key(user: UserId) -> int:
    """Return the key under which the threads that a person settled are counted."""
    return -2 - crc32(user.encode())


@cache
def _count_up(dialect: str) -> Any:  # noqa: ANN401 - an insert of either database
    statement = insert(dialect, TermCountRow)
    threads = _COUNTS.c.threads + statement.excluded.threads
    keys = ["team_id", "channel", "term"]
    return statement.on_conflict_do_update(index_elements=keys, set_={"threads": threads})
