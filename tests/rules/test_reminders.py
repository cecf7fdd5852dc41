"""Reminders of one matter: on working days 1, 3 and 7, and then every 14 working days."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import OPENS, Calendar
from bot.domain.reminders import CHANGE, REVIEW, WEEKLY, Rhythm, next_reminder
from bot.domain.schedule import zone_of

BERLIN = "Europe/Berlin"
HOLIDAY = date(2026, 3, 9)
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

moments = st.integers(0, 60 * 24 * 400).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
zones = st.sampled_from([BERLIN, "America/New_York", "Pacific/Auckland", "Asia/Kathmandu"])
rhythms = st.sampled_from([REVIEW, CHANGE, WEEKLY])
calendars = st.sets(st.dates(date(2026, 3, 2), date(2027, 6, 1)), max_size=20).map(
    lambda days: Calendar(holidays=frozenset(days))
)


def reminders(
    rhythm: Rhythm, since: datetime, calendar: Calendar, timezone: str, count: int
) -> list[date]:
    """Return the days on which a person who does nothing is reminded."""
    days: list[date] = []
    for _ in range(count):
        due = next_reminder(rhythm, since, days, calendar, timezone)
        days.append(due.astimezone(zone_of(timezone)).date())
    return days


def working_days(calendar: Calendar, first: date, last: date) -> int:
    days = (first + timedelta(days=number + 1) for number in range((last - first).days))
    return sum(calendar.is_working_day(day) for day in days)


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        # Monday, 2 March, and then 1, 3, 7, 21 and 35 working days after it.
        (REVIEW, ["03-02", "03-03", "03-05", "03-11", "03-31", "04-20"]),
        (CHANGE, ["03-03", "03-05", "03-11", "03-31", "04-20", "05-08"]),
        (WEEKLY, ["03-02", "03-09", "03-16", "03-23", "03-30", "04-06"]),
    ],
)
def test_reminders_become_less_frequent(rhythm: Rhythm, expected: list[str]) -> None:
    days = reminders(rhythm, MONDAY, Calendar(), BERLIN, 6)

    assert [f"{day:%m-%d}" for day in days] == expected


def test_a_holiday_is_not_a_working_day() -> None:
    days = reminders(REVIEW, MONDAY, Calendar(holidays=frozenset({HOLIDAY})), BERLIN, 4)

    assert days[3] == date(2026, 3, 12)


def test_the_first_reminder_comes_at_the_same_time_of_day_and_later_ones_in_the_morning() -> None:
    """In Berlin it is 11:00 at 10:00 UTC; 9:00 is 8:00 UTC."""
    assert next_reminder(REVIEW, MONDAY, [], Calendar(), BERLIN) == MONDAY
    assert next_reminder(CHANGE, MONDAY, [], Calendar(), BERLIN) == MONDAY + timedelta(days=1)
    second = next_reminder(REVIEW, MONDAY, [MONDAY.date()], Calendar(), BERLIN)
    assert second == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


@given(rhythms, moments, calendars, zones)
def test_reminders_never_come_closer_together_than_before(
    rhythm: Rhythm, since: datetime, calendar: Calendar, timezone: str
) -> None:
    days = reminders(rhythm, since, calendar, timezone, 7)

    gaps = [working_days(calendar, *pair) for pair in pairwise(days)]
    assert all(calendar.is_working_day(day) for day in days)
    assert gaps == sorted(gaps)
    assert gaps[-1] == rhythm.every


@given(rhythms, moments, calendars, zones, st.integers(0, 30))
def test_a_late_reminder_delays_the_next_one(
    rhythm: Rhythm, since: datetime, calendar: Calendar, timezone: str, late: int
) -> None:
    [first] = reminders(rhythm, since, calendar, timezone, 1)
    came = first + timedelta(days=late)

    due = next_reminder(rhythm, since, [came], calendar, timezone)

    local = due.astimezone(zone_of(timezone))
    gap = rhythm.gaps[0] if rhythm.gaps else rhythm.every
    assert local.time() == OPENS
    assert working_days(calendar, came, local.date()) >= gap
