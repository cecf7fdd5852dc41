"""Weekly schedules: a weekday and a local time in a time zone, as moments in UTC."""

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
# A digest that is posted this long after its due time says so.
LATE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A weekly time. Weekday 0 is Monday, as in `date.weekday`."""

    weekday: int = 0
    at: time = time(9, 0)
    timezone: str = "UTC"

    def next_after(self, moment: datetime) -> datetime:
        """Return the first due time after an aware `moment`, in UTC.

        A local time that the clocks skip becomes one hour later; of one that occurs twice, the
        first counts.
        """
        zone = zone_of(self.timezone)
        local = moment.astimezone(zone)
        day = local.date() + timedelta(days=(self.weekday - local.weekday()) % 7)
        due = datetime.combine(day, self.at, zone).astimezone(UTC)
        if due <= moment:
            due = datetime.combine(day + timedelta(days=7), self.at, zone).astimezone(UTC)
        return due

    def period_of(self, due: datetime) -> str:
        """Return the name of the period that ends at a due time: its local date, `2026-11-30`."""
        return due.astimezone(zone_of(self.timezone)).date().isoformat()


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone with this IANA name.

    Raises:
        InvalidInputError: there is no such time zone.
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
