"""When a weekly digest is due: weekday and wall-clock time in a zone, over DST, as UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.errors import InvalidInputError

WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
# A digest posted this long after it was due says that it is late.
LATE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A weekly time: weekday 0 is Monday, as in ISO 8601 less one."""

    weekday: int = 0
    at: time = time(9, 0)
    timezone: str = "UTC"

    def next_after(self, moment: datetime) -> datetime:
        """The first due time after an aware `moment`, in UTC.

        A wall-clock time that DST skips is taken as the moment at which it would have been (an hour
        later by the new clock); one that DST repeats is taken once, the first time.
        """
        zone = zone_of(self.timezone)
        local = moment.astimezone(zone)
        day = local.date() + timedelta(days=(self.weekday - local.weekday()) % 7)
        due = datetime.combine(day, self.at, zone).astimezone(UTC)
        if due <= moment:
            due = datetime.combine(day + timedelta(days=7), self.at, zone).astimezone(UTC)
        return due

    def period_of(self, due: datetime) -> str:
        """The name of the period that a due time ends, its date in the zone: `2026-11-30`."""
        return due.astimezone(zone_of(self.timezone)).date().isoformat()


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        InvalidInputError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInputError(
            f"“{name}” isn't a time zone. Use a name like Europe/Berlin.",
            {"timezone": "Use a name like Europe/Berlin or America/New_York."},
        ) from None


def day_in(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return the day of a moment in a time zone: `Nov 4`, or `Nov 4, 2025` in another year."""
    day = at.astimezone(zone)
    year = "" if day.year == now.astimezone(zone).year else f", {day.year}"
    return f"{day:%b} {day.day}{year}"
