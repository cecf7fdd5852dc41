"""Select the gaps that the digests of some channels list, and count their open ones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, or_
from sqlmodel import col, select

from bot.domain.entries import ChannelId
from bot.domain.gaps import RECURRING, Gap, GapId, GapState
from storage.aggregate import TEAM, Queries
from storage.gap_rows import gaps_of
from storage.tables.listening import GapRow

_SAMPLES: Final = 3
_OPEN: Final = and_(
    col(GapRow.team_id) == TEAM,
    col(GapRow.channel).in_(bindparam("channels", expanding=True)),
    col(GapRow.state) == GapState.OPEN.value,
    col(GapRow.count) >= RECURRING,
)
_SINCE: Final[Any] = col(GapRow.last_at) >= bindparam("since")
_NOT_BEFORE: Final = col(GapRow.id).not_in(bindparam("before", expanding=True))
_CAME_UP: Final = or_(_SINCE, and_(col(GapRow.last_at) >= bindparam("late_since"), _NOT_BEFORE))
_RANKED: Final = (
    select(
        col(GapRow.id),
        func.count().over(partition_by=col(GapRow.channel)).label("total"),
        func.row_number()
        .over(
            partition_by=col(GapRow.channel),
            order_by=(col(GapRow.count).desc(), col(GapRow.last_at).desc(), col(GapRow.id)),
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
    """Which gaps a digest lists: those that came up `since`.

    A message is sometimes considered after the digest that followed it. So a gap that came up from
    `late_since` on is listed too, unless it is among the gaps listed `before`.
    """

    since: datetime
    late_since: datetime
    before: Sequence[GapId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGaps:
    """The first gaps of a channel that came up, and how many there are in all."""

    gaps: tuple[Gap, ...] = ()
    total: int = 0


class DigestGaps(Queries):
    """The gaps of a workspace, channel by channel. No query loads more than it is asked for."""

    def select_gaps(
        self, channels: Sequence[ChannelId], listed: GapWindow, limit: int
    ) -> Mapping[ChannelId, ListedGaps]:
        """Return each channel's first open gaps that came up.

        Most threads first, each with three samples.
        """
        params = {"team": self._team, "channels": channels, "limit": limit, **asdict(listed)}
        rows = self._session.exec(_FIRST, params=params).all()
        totals = {row.channel: total for row, total in rows}
        gaps: dict[str, list[Gap]] = defaultdict(list)
        for gap in gaps_of(
            self._session, self._team, [row for row, _ in rows], occurrences=_SAMPLES
        ):
            gaps[gap.channel].append(gap)
        return {
            channel: ListedGaps(gaps=tuple(gaps[channel]), total=totals.get(channel, 0))
            for channel in channels
        }

    def count(self, channels: Sequence[ChannelId], since: datetime) -> Mapping[ChannelId, int]:
        """Count the open gaps of each channel that came up since."""
        params = {"team": self._team, "channels": channels, "since": since}
        counts = dict(self._session.exec(_OPEN_COUNTS, params=params).all())
        return {channel: counts.get(channel, 0) for channel in channels}
