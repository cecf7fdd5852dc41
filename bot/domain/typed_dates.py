"""Reading the dates and times that people type in commands, in their own time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.domain.errors import InvalidInputError
from bot.domain.schedule import zone_of

_TYPED: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]+(\d{1,2}):(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A typed moment in UTC, and its name for a sentence: `the end of 2026-03-01`."""

    at: datetime
    name: str


def parse_moment(typed: str, timezone: str, now: datetime) -> Moment:
    """Read `2026-03-01`, which means the end of that day, or `2026-03-01 14:00`.

    A local time that the clocks skip becomes one hour later; of one that occurs twice, the first
    counts.

    Raises:
        InvalidInputError: it is neither, or in the future.
    """
    zone = zone_of(timezone)
    try:
        day, clock = _read(typed.strip())
        begin = datetime.combine(day, clock or time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInputError(
            f"“{typed.strip()[:60]}” isn't a date. Use `as of 2026-03-01` or "
            "`as of 2026-03-01 14:00`, in your time zone."
        ) from None
    name = f"{day} {clock:%H:%M}" if clock else f"the end of {day}"
    if begin > now:
        raise InvalidInputError(
            f"{name[0].upper()}{name[1:]} is in the future. Leave out `as of` to see what is in "
            "force now."
        )
    if clock:
        return Moment(at=begin, name=name)
    next_day = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return Moment(at=next_day - timedelta(microseconds=1), name=name)


def parse_since(typed: str, timezone: str, now: datetime) -> Moment:
    """Read `2026-03-01`, which means the start of that day, or `2026-03-01 14:00`.

    Raises:
        InvalidInputError: it is neither, or in the future.
    """
    try:
        day, clock = _read(typed.strip())
        begin = datetime.combine(day, clock or time(), zone_of(timezone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInputError(
            f"“{typed.strip()[:60]}” isn't a date. Use `since 2026-03-01` or "
            "`since 2026-03-01 14:00`, in your time zone."
        ) from None
    if begin > now:
        raise InvalidInputError(f"{typed.strip()} is in the future. Choose a date in the past.")
    return Moment(at=begin, name=f"{day} {clock:%H:%M}" if clock else f"{day}")


def _read(typed: str) -> tuple[date, time | None]:
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise ValueError(typed)
    clock = time(int(match[2]), int(match[3])) if match[2] else None
    return date.fromisoformat(match[1]), clock


def format_moment(at: datetime, timezone: str) -> str:
    """Return a moment as people type it: `2026-03-01 14:00`."""
    return f"{at.astimezone(zone_of(timezone)):%Y-%m-%d %H:%M}"
