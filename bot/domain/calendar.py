"""Working days and hours, and due dates counted in days of a time zone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.domain.errors import InvalidInputError
from bot.domain.schedule import zone_of

# Working hours, in the time zone of the person who is asked.
OPENS: Final = time(9)
CLOSES: Final = time(17)
_WEEKEND: Final = 5  # Saturday, as `date.weekday` counts
# This many dates fit in the 3,000 characters of a text input, so the form can show them all again.
MOST_HOLIDAYS: Final = 250
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The working days of a workspace: Monday to Friday, except its holidays."""

    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Return whether people work on that day."""
        return day.weekday() < _WEEKEND and day not in self.holidays

    def is_working(self, moment: datetime, timezone: str) -> bool:
        """Return whether a person in that time zone is at work at an aware moment."""
        return self.next_working(moment, timezone) == moment

    def next_working(self, moment: datetime, timezone: str) -> datetime:
        """Return the first working moment in that time zone from `moment` on, in UTC."""
        local = moment.astimezone(zone_of(timezone))
        day = local.date()
        if self.is_working_day(day):
            if OPENS <= local.time() < CLOSES:
                return moment.astimezone(UTC)
            if local.time() < OPENS:
                return _at(day, OPENS, timezone)
        return _at(self._next_day(day), OPENS, timezone)

    def after_working_days(self, moment: datetime, days: int, timezone: str) -> datetime:
        """Return the same time of day this many working days later, in UTC.

        The count starts at the first working moment: a question from Saturday counts from Monday.
        """
        start = self.next_working(moment, timezone).astimezone(zone_of(timezone))
        day = start.date()
        for _ in range(days):
            day = self._next_day(day)
        return _at(day, start.time(), timezone)

    def _next_day(self, day: date) -> date:
        day += _DAY
        while not self.is_working_day(day):
            day += _DAY
        return day


def due_after(moment: datetime, every: timedelta, timezone: str) -> datetime:
    """Return when a review is due: that many days later at the same local time, in UTC.

    A local time that the clocks skip becomes one hour later; of one that occurs twice, the first
    counts. Weekends and holidays don't move a due date, only the time when people are asked.
    """
    local = moment.astimezone(zone_of(timezone))
    return _at(local.date() + every, local.time(), timezone)


def parse_holidays(typed: str) -> frozenset[date]:
    """Return the dates that an admin typed, one per line.

    Raises:
        InvalidInputError: a line isn't a date; the message quotes the line.
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST_HOLIDAYS:
        reason = f"{len(lines)} dates; at most {MOST_HOLIDAYS} fit. Remove the ones that are past."
        raise InvalidInputError(reason, {"holidays": reason})
    return frozenset(_date(line) for line in lines)


def format_holidays(holidays: Iterable[date]) -> str:
    """Return holidays as the form shows them, one per line."""
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
