"""How often a person is reminded of one thing that is waiting for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.domain.calendar import OPENS, Calendar
from bot.domain.schedule import zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Working days until the first reminder, between the next ones, and between all later ones."""

    first: int
    gaps: tuple[int, ...]
    every: int


# On working days 0, 1, 3 and 7 after a review began to wait for a person, then every 14.
REVIEW: Final = Rhythm(first=0, gaps=(1, 2, 4), every=14)
# On days 1, 3 and 7, then every 14: the card or the message about the change came on day 0.
CHANGE: Final = Rhythm(first=1, gaps=(2, 4), every=14)
# After the backup's turn a review stays with the owner, once a week.
WEEKLY: Final = Rhythm(first=0, gaps=(), every=5)


def next_reminder(
    rhythm: Rhythm, since: datetime, reminded: Sequence[date], calendar: Calendar, timezone: str
) -> datetime:
    """Return when to remind a person next of something that has been waiting since `since`.

    `reminded`: the local dates of earlier reminders, in order. A late reminder delays the next one,
    so two are never closer together than the rhythm says.
    """
    if not reminded:
        return calendar.after_working_days(since, rhythm.first, timezone)
    step = len(reminded) - 1
    gap = rhythm.gaps[step] if step < len(rhythm.gaps) else rhythm.every
    opening = datetime.combine(reminded[-1], OPENS, zone_of(timezone))
    return calendar.after_working_days(opening, gap, timezone)
