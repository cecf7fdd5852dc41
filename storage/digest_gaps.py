"""Select the gaps that the digest of a channel lists, and count its open ones."""

from collections.abc import Sequence
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
    col(GapRow.channel) == bindparam("channel"),
    col(GapRow.state) == GapState.OPEN.value,
    col(GapRow.count) >= RECURRING,
)
_SINCE: Final[Any] = col(GapRow.last_at) >= bindparam("since")
_NOT_BEFORE: Final = col(GapRow.id).not_in(bindparam("before", expanding=True))
_CAME_UP: Final = or_(_SINCE, and_(col(GapRow.last_at) >= bindparam("late_since"), _NOT_BEFORE))
_FIRST: Final[Any] = (
    select(GapRow)
    .where(_OPEN, _CAME_UP)
    .order_by(col(GapRow.count).desc(), col(GapRow.last_at).desc(), col(GapRow.id))
    .limit(bindparam("limit"))
)
_COUNT: Final[Any] = select(func.count()).select_from(GapRow)
_CAME_UP_COUNT: Final[Any] = _COUNT.where(_OPEN, _CAME_UP)
_OPEN_COUNT: Final[Any] = _COUNT.where(_OPEN, _SINCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapWindow:
    """Which gaps a digest lists: those that came up `since`.

    A message is sometimes considered after the digest that followed it. So a gap that came up from
    `late_since` on is listed too, unless it is among the gaps listed `before`.
    """

    since: datetime
    late_since: datetime
    before: Sequence[GapId]


class DigestGaps(Queries):
    """The gaps of a workspace, channel by channel. No query loads more than it is asked for."""

    def select_gaps(
        self, channel: ChannelId, listed: GapWindow, limit: int
    ) -> tuple[tuple[Gap, ...], int]:
        """Return the first open gaps that came up, and how many there are in all.

        Most threads first, each with three samples.
        """
        params = {"team": self._team, "channel": channel, **asdict(listed)}
        rows = self._session.exec(_FIRST, params={**params, "limit": limit})
        gaps = tuple(gaps_of(self._session, self._team, rows, occurrences=_SAMPLES))
        if len(gaps) < limit:
            return gaps, len(gaps)
        return gaps, int(self._session.exec(_CAME_UP_COUNT, params=params).one())

    def count(self, channel: ChannelId, since: datetime) -> int:
        """Return how many open gaps of a channel came up since."""
        params = {"team": self._team, "channel": channel, "since": since}
        return int(self._session.exec(_OPEN_COUNT, params=params).one())
