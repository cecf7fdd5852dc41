"""The clock of a walk: the sandbox's clock is moved, and the bot follows it."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sandbox.seen import Message
from tests.endurance.walk.stage import Walk

ZONE: Final = "Europe/Berlin"
BERLIN: Final = ZoneInfo(ZONE)


def moment(message: Message) -> datetime:
    """Return when it was posted, in Berlin's time zone."""
    return datetime.fromtimestamp(float(message.ts), UTC).astimezone(BERLIN)


def moved(walk: Walk, how: str, **to: object) -> float:
    """Move the clock and wait until the bot follows; return the time in seconds since 1970."""
    before = walk.bot.said().count("clock_moved")
    now = walk.driver.do(f"time.{how}", **to)
    walk.until(lambda: walk.bot.said().count("clock_moved") > before)
    return float(now)


def moved_to(walk: Walk, day: datetime, time: str) -> float:
    """Move the clock to a time of that day in Berlin."""
    return moved(walk, "to", local=f"{day:%Y-%m-%d}T{time}", zone=ZONE)


def working_day_after(day: datetime) -> datetime:
    """Return the next day that isn't on a weekend."""
    day += timedelta(days=1)
    return day if day.weekday() < 5 else day + timedelta(days=7 - day.weekday())
