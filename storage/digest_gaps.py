"""The gaps that the digests of channels list and count."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, or_
from sqlmodel import col, select

from bot.domain.entries import ChannelId
from bot.domain.gaps import RECURRING, SHOWN, Gap, GapId, GapState
from storage.aggregate import TEAM, Queries
from storage.gap_rows import gaps_of
from storage.tables.listening import GapRow

_OCCURRENCES: Final = 3
_OPEN: Final = and_(
    col(GapRow.team_id) == TEAM,
    col(GapRow.channel).in_(bindparam("channels", expanding=True)),
    col(GapRow.state) == GapState.OPEN.value,
    col(GapRow.count) >= RECURRING,
    col(GapRow.probability) >= SHOWN,
)
_SINCE: Final[Any] = col(GapRow.last_at) >= bindparam("since")
_NOT_LISTED: Final = col(GapRow.id).not_in(bindparam("listed_before", expanding=True))
_CAME_UP: Final = or_(_SINCE, and_(col(GapRow.last_at) >= bindparam("late_since"), _NOT_LISTED))
_RANKED: Final = (
    select(
        col(GapRow.id),
        func.count().over(partition_by=col(GapRow.channel)).label("total"),
        func.row_number()
        .over(
            partition_by=col(GapRow.channel),
            order_by=(col(GapRow.rank).desc(), col(GapRow.last_at).desc(), col(GapRow.id)),
        )
        .label("place"),
    )
    .where(_OPEN, _CAME_UP)
    .subquery("ranked")
)
_FIRST: Final[Any] = (
    select(GapRow, _RANKED.c.total)
    .join(_RANKED, _RANKED.c.id == GapRow.id)
    .where(GapRow.team_id == TEAM, _RANKED.c.place <= bindparam("limit"))
    .order_by(_RANKED.c.place)
)
_OPEN_COUNTS: Final[Any] = (
    select(GapRow.channel, func.count()).where(_OPEN, _SINCE).group_by(col(GapRow.channel))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapWindow:
    """The gaps that a digest lists: those that came up `since` a time.

    Some messages are considered only after the digest that followed them. So a gap that came up
    from `late_since` on is listed too, unless it is in `listed_before`.
    """

    since: datetime
    late_since: datetime
    listed_before: Sequence[GapId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGaps:
    """The first gaps of a channel that came up, and how many there are in all."""

    gaps: tuple[Gap, ...] = ()
    total: int = 0


class DigestGaps(Queries):
    """The gaps of channels, as their digests need them. No query loads more than its limit."""

    def select_gaps(
        self, channels: Sequence[ChannelId], window: GapWindow, limit: int
    ) -> Mapping[ChannelId, ListedGaps]:
        """Return each channel's first open gaps that came up.

        Most threads, people and days first, each gap with three occurrences.
        """
        params = {"team": self._team, "channels": channels, "limit": limit, **asdict(window)}
        rows = self._session.exec(_FIRST, params=params).all()
        totals = {row.channel: total for row, total in rows}
        gaps: dict[str, list[Gap]] = defaultdict(list)
        for gap in gaps_of(
            self._session, self._team, [row for row, _ in rows], occurrences=_OCCURRENCES
        ):
            gaps[gap.channel].append(gap)
        return {
            channel: ListedGaps(gaps=tuple(gaps[channel]), total=totals.get(channel, 0))
            for channel in channels
        }

    def count(self, channels: Sequence[ChannelId], since: datetime) -> Mapping[ChannelId, int]:
        """Count the open gaps of each channel that came up since then."""
        params = {"team": self._team, "channels": channels, "since": since}
        counts = dict(self._session.exec(_OPEN_COUNTS, params=params).all())
        return {channel: counts.get(channel, 0) for channel in channels}
