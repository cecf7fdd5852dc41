"""Working days and hours of one person, and due dates by the calendar rather than by seconds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.domain.errors import InvalidInputError
from bot.domain.schedule import zone_of

# Working hours, by the clock of whoever is asked.
OPENS: Final = time(9)
CLOSES: Final = time(17)
_WEEKEND: Final = 5  # Saturday, as `date.weekday` counts
# As many as fit the 3,000 characters of a text input, so that the form can show them again.
MOST_HOLIDAYS: Final = 250
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The working days of a workspace: Monday to Friday, less its holidays."""

    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether people work on that day."""
        return day.weekday() < _WEEKEND and day not in self.holidays

    def is_working(self, moment: datetime, timezone: str) -> bool:
        """Whether somebody in that zone is at work at an aware moment."""
        return self.next_working(moment, timezone) == moment

    def next_working(self, moment: datetime, timezone: str) -> datetime:
        """The first moment, in UTC and not before `moment`, at which somebody there is at work."""
        local = moment.astimezone(zone_of(timezone))
        day = local.date()
        if self.is_working_day(day):
            if OPENS <= local.time() < CLOSES:
                return moment.astimezone(UTC)
            if local.time() < OPENS:
                return _at(day, OPENS, timezone)
        return _at(self._next_day(day), OPENS, timezone)

    def after_working_days(self, moment: datetime, days: int, timezone: str) -> datetime:
        """The same time of day so many working days on, in UTC.

        Counted from the first working moment: what is asked on a Saturday was asked on Monday.
        """
        begun = self.next_working(moment, timezone).astimezone(zone_of(timezone))
        day = begun.date()
        for _ in range(days):
            day = self._next_day(day)
        return _at(day, begun.time(), timezone)

    def _next_day(self, day: date) -> date:
        day += _DAY
        while not self.is_working_day(day):
            day += _DAY
        return day


def due_after(moment: datetime, every: timedelta, timezone: str) -> datetime:
    """When a review is due that many days on: at the same time of day in the zone, in UTC.

    A time that the clocks skip that day is taken an hour later, one that comes twice the first
    time. Weekends and holidays move nothing: only when people are asked keeps to those.
    """
    local = moment.astimezone(zone_of(timezone))
    return _at(local.date() + every, local.time(), timezone)


def parse_holidays(typed: str) -> frozenset[date]:
    """The dates that an admin typed, one a line.

    Raises:
        InvalidInputError: names the line that is no date.
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST_HOLIDAYS:
        reason = f"{len(lines)} dates; at most {MOST_HOLIDAYS} fit. Remove the ones that are past."
        raise InvalidInputError(reason, {"holidays": reason})
    return frozenset(_date(line) for line in lines)


def written(holidays: Iterable[date]) -> str:
    """Holidays as they stand in the form, one a line."""
    return "\n".join(day.isoformat() for day in sorted(holidays))


def _date(line: str) -> date:
    try:
        if _DATE.fullmatch(line):
            return date.fromisoformat(line)
    except ValueError:
        pass
    reason = f"“{line[:40]}” isn't a date. Write one date per line, like 2026-12-25."
    raise InvalidInputError(reason, {"holidays": reason})


def _at(day: date, clock: time, timezone: str) -> datetime:
    return datetime.combine(day, clock, zone_of(timezone)).astimezone(UTC)
