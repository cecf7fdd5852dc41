"""The threads of some channels that may be about a question, as search weighs them."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, TextClause, and_, bindparam, func, select, text
from sqlmodel import Session

from bot.domain.entries import ChannelId, EntryId, TeamId
from bot.domain.gaps import GapState
from bot.domain.listening.placing import LATEST
from bot.domain.listening.profiles import Ids
from storage.aggregate import TEAM, Queries, table_of
from storage.columns import Utc
from storage.tables.listening import GapRow, TermCountRow, ThreadRow
from storage.term_counts import THREADS
from storage.thread_statements import WHOLE

# So many channels are looked through, those with the most threads, and for each term so many of the
# latest threads in all of them together.
MOST_CHANNELS: Final = 8
_LATEST: Final = 320
# A question's rarest terms. Each is a part of the query for each channel.
_SOUGHT: Final = 12

_COUNTS, _ROOTS, _GAPS = table_of(TermCountRow), table_of(ThreadRow), table_of(GapRow)
_CHANNELS: Final[BindParameter[Any]] = bindparam("channels", expanding=True)
_LARGEST: Final = (
    select(_COUNTS.c.channel)
    .where(
        _COUNTS.c.team_id == TEAM,
        _COUNTS.c.channel.in_(_CHANNELS),
        _COUNTS.c.term == THREADS,
        _COUNTS.c.threads > 0,
    )
    .order_by(_COUNTS.c.threads.desc(), _COUNTS.c.channel)
    .limit(MOST_CHANNELS)
)
_SUMS: Final = (
    select(_COUNTS.c.term, func.sum(_COUNTS.c.threads))
    .where(
        _COUNTS.c.team_id == TEAM,
        _COUNTS.c.channel.in_(_CHANNELS),
        _COUNTS.c.term.in_(bindparam("terms", expanding=True)),
    )
    .group_by(_COUNTS.c.term)
)
_WHOLES: Final = (
    select(_ROOTS.c.channel, _ROOTS.c.thread_ts, _ROOTS.c.terms, _GAPS.c.entry_id)
    .where(
        _ROOTS.c.team_id == TEAM,
        _ROOTS.c.channel.in_(_CHANNELS),
        _ROOTS.c.thread_ts.in_(bindparam("threads", expanding=True)),
    )
    .outerjoin(
        _GAPS,
        and_(
            _GAPS.c.team_id == _ROOTS.c.team_id,
            _GAPS.c.id == _ROOTS.c.gap_id,
            _GAPS.c.state == GapState.RECORDED.value,
        ),
    )
)

Root = tuple[ChannelId, str]


class AskedThreads(Queries):
    """The threads of some channels, for `bot.domain.listening.weighing`.

    Take only channels that all who see the result may read. Of many, the largest are looked at.
    """

    def __init__(self, session: Session, team: TeamId, channels: Collection[ChannelId]) -> None:
        super().__init__(session, team)
        rows = session.connection().execute(_LARGEST, {"team": team, "channels": sorted(channels)})
        self._channels = [ChannelId(row.channel) for row in rows]
        # The entries that gaps of these threads were recorded as.
        self.recorded: dict[Root, EntryId] = {}

    def counts(self, terms: Collection[int]) -> tuple[int, Mapping[int, int]]:
        """Return how many threads there are, and in how many of them each term occurs."""
        wanted = {"terms": sorted({THREADS, *terms}), "channels": self._channels}
        rows = self._session.connection().execute(_SUMS, {"team": self._team, **wanted})
        counts = Counter({term: int(threads) for term, threads in rows})
        return counts[THREADS], counts

    def sharing(self, terms: Mapping[int, float], since: datetime, most: int) -> list[Root]:
        """Return the threads with the largest weight of terms in common, heaviest first."""
        if not terms or not self._channels:
            return []
        latest = min(LATEST, _LATEST // len(self._channels))
        params: dict[str, object] = {"team": self._team, "since": since, "most": most}
        params |= {"latest": latest}
        params |= {f"c{place}": channel for place, channel in enumerate(self._channels)}
        sought = list(terms.items())[:_SOUGHT]
        for place, (term, weight) in enumerate(sought):
            params |= {f"t{place}": term, f"w{place}": round(weight * WHOLE)}
        statement = _sharing(len(self._channels), len(sought))
        rows = self._session.connection().execute(statement, params)
        return [(ChannelId(channel), thread) for channel, thread in rows]

    def wholes(self, threads: Collection[Root]) -> Mapping[Root, Ids]:
        """Return all terms of each thread, and remember the entries of their gaps."""
        wanted = {
            "channels": sorted({channel for channel, _ in threads}),
            "threads": sorted({thread for _, thread in threads}),
        }
        rows = self._session.connection().execute(_WHOLES, {"team": self._team, **wanted})
        wholes: dict[Root, Ids] = {}
        for channel, thread, terms, entry in rows:
            root = (ChannelId(channel), thread)
            if root in threads:
                wholes[root] = frozenset(terms)
                if entry is not None:
                    self.recorded[root] = EntryId(entry)
        return {root: wholes[root] for root in threads if root in wholes}


@cache
def _sharing(channels: int, terms: int) -> TextClause:
    """Select the threads that have most of so many terms, among the latest with each of them.

    As text, because SQLAlchemy takes longer over so many parts than the database.
    """
    latest = " UNION ALL ".join(
        "SELECT * FROM (SELECT channel, thread_ts, at,"  # noqa: S608 - only numbers are put in
        f" CAST(:w{term} AS BIGINT) AS weight FROM thread_terms WHERE team_id = :team"
        f" AND channel = :c{channel} AND term = :t{term} AND at >= :since"
        f" ORDER BY at DESC LIMIT :latest) AS part_{channel}_{term}"
        for channel in range(channels)
        for term in range(terms)
    )
    return text(
        f"SELECT channel, thread_ts FROM ({latest}) AS found GROUP BY channel, thread_ts"  # noqa: S608 - as above
        " ORDER BY sum(weight) DESC, min(at), channel, thread_ts LIMIT :most"
    ).bindparams(bindparam("since", type_=Utc))
