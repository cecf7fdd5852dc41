"""Working days and due dates. Each case was computed by hand, as its comment says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Calendar, due_after, format_holidays, parse_holidays
from bot.domain.errors import InvalidInputError

BERLIN, NEW_YORK, AUCKLAND = "Europe/Berlin", "America/New_York", "Pacific/Auckland"
HONOLULU, KOLKATA = "Pacific/Honolulu", "Asia/Kolkata"
# Whit Monday.
CALENDAR = Calendar(holidays=frozenset({date(2026, 5, 25)}))


def utc(written_as: str) -> datetime:
    return datetime.fromisoformat(written_as).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        # Wednesday 11:00 in Berlin is within working hours.
        ("2026-03-04 10:00", BERLIN, "2026-03-04 10:00"),
        # 08:59 is a minute early; 17:00 on a Friday is over, and Monday begins at 9:00 (UTC+1).
        ("2026-03-04 07:59", BERLIN, "2026-03-04 08:00"),
        ("2026-03-06 16:00", BERLIN, "2026-03-09 08:00"),
        # Summer time began on Sunday, 29 March: Monday 9:00 is UTC+2.
        ("2026-03-27 16:30", BERLIN, "2026-03-30 07:00"),
        # And ended on Sunday, 25 October: Monday 9:00 is UTC+1.
        ("2026-10-23 15:30", BERLIN, "2026-10-26 08:00"),
        # In New York it began on 8 March (UTC-4 from then), and ended on 1 November (UTC-5).
        ("2026-03-06 22:30", NEW_YORK, "2026-03-09 13:00"),
        ("2026-10-30 21:30", NEW_YORK, "2026-11-02 14:00"),
        # Thursday 20:30 UTC is Friday 9:30 in Auckland (UTC+13); Friday 18:00 there is over.
        ("2026-03-05 20:30", AUCKLAND, "2026-03-05 20:30"),
        ("2026-03-06 05:00", AUCKLAND, "2026-03-08 20:00"),
        # Saturday 02:00 UTC is Friday 16:00 in Honolulu (UTC-10); 17:30 is over until Monday 9:00.
        ("2026-03-07 02:00", HONOLULU, "2026-03-07 02:00"),
        ("2026-03-07 03:30", HONOLULU, "2026-03-09 19:00"),
        # 08:59 in Kolkata (UTC+5:30).
        ("2026-03-09 03:29", KOLKATA, "2026-03-09 03:30"),
        # Friday 17:00 in Berlin before a holiday on Monday: Tuesday 9:00 (UTC+2).
        ("2026-05-22 15:00", BERLIN, "2026-05-26 07:00"),
        # In the middle of that holiday.
        ("2026-05-25 10:00", BERLIN, "2026-05-26 07:00"),
    ],
)
def test_people_are_asked_when_they_are_at_work(moment: str, zone: str, expected: str) -> None:
    assert CALENDAR.next_working(utc(moment), zone) == utc(expected)
    assert CALENDAR.is_working(utc(moment), zone) == (moment == expected)


@pytest.mark.parametrize(
    ("moment", "days", "zone", "expected"),
    [
        # Wednesday 11:00, then Thursday, Friday, Monday 11:00.
        ("2026-03-04 10:00", 3, BERLIN, "2026-03-09 10:00"),
        # Thursday 10:00 (UTC+1), then Friday, Monday, Tuesday 10:00 (UTC+2).
        ("2026-03-26 09:00", 3, BERLIN, "2026-03-31 08:00"),
        # Thursday 10:00 (UTC-4), then Friday, Monday, Tuesday 10:00 (UTC-5).
        ("2026-10-29 14:00", 3, NEW_YORK, "2026-11-03 15:00"),
        # Friday 10:00, Monday is a holiday: Tuesday, Wednesday, Thursday 10:00.
        ("2026-05-22 08:00", 3, BERLIN, "2026-05-28 08:00"),
        # A question on a Saturday counts from Monday 9:00; one day later is Tuesday 9:00.
        ("2026-03-07 12:00", 1, BERLIN, "2026-03-10 08:00"),
        # Zero days: the next working hour.
        ("2026-03-07 12:00", 0, BERLIN, "2026-03-09 08:00"),
        # Thursday 10:00 (UTC+13), then Friday, Monday 10:00 (UTC+12 since 5 April).
        ("2026-04-01 21:00", 2, AUCKLAND, "2026-04-05 22:00"),
        # Friday 10:00 in Honolulu, then Monday 10:00.
        ("2026-03-06 20:00", 1, HONOLULU, "2026-03-09 20:00"),
        # Monday 10:00 in Kolkata, then Tuesday, Wednesday, Thursday.
        ("2026-03-09 04:30", 3, KOLKATA, "2026-03-12 04:30"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(
    moment: str, days: int, zone: str, expected: str
) -> None:
    assert CALENDAR.after_working_days(utc(moment), days, zone) == utc(expected)


@pytest.mark.parametrize(
    ("moment", "days", "zone", "expected"),
    [
        # 11:00 in winter is 11:00 in summer, an hour earlier in UTC; and back.
        ("2026-03-04 10:00", 30, BERLIN, "2026-04-03 09:00"),
        ("2026-10-01 08:00", 30, BERLIN, "2026-10-31 09:00"),
        ("2026-02-20 15:00", 30, NEW_YORK, "2026-03-22 14:00"),
        ("2026-10-15 14:00", 30, NEW_YORK, "2026-11-14 15:00"),
        # 02:30 is skipped on 29 March, so 03:30 (UTC+2); it comes twice on 25 October, so UTC+2.
        ("2026-02-27 01:30", 30, BERLIN, "2026-03-29 01:30"),
        ("2026-09-25 00:30", 30, BERLIN, "2026-10-25 00:30"),
        # Over the end of February: 28 days to the 28th, 2 more; in a leap year 29 and 1.
        ("2026-01-31 12:00", 30, "UTC", "2026-03-02 12:00"),
        ("2028-01-31 12:00", 30, "UTC", "2028-03-01 12:00"),
        # A year of 365 days from a leap day ends on the 28th.
        ("2028-02-29 12:00", 365, "UTC", "2029-02-28 12:00"),
        # Saturday 10:00 in Auckland (UTC+13) to Monday 10:00 (UTC+12).
        ("2026-03-20 21:00", 30, AUCKLAND, "2026-04-19 22:00"),
        # 20:00 in Honolulu on 4 March is the 5th in UTC; due on 3 April there.
        ("2026-03-05 06:00", 30, HONOLULU, "2026-04-04 06:00"),
        ("2026-03-09 04:30", 90, KOLKATA, "2026-06-07 04:30"),
        # A holiday moves no due date: 60 days from 26 March are 25 May.
        ("2026-03-26 09:00", 60, BERLIN, "2026-05-25 08:00"),
    ],
)
def test_a_review_is_due_by_the_calendar(moment: str, days: int, zone: str, expected: str) -> None:
    assert due_after(utc(moment), timedelta(days=days), zone) == utc(expected)


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - their bounds are naive
    zone=st.sampled_from([BERLIN, NEW_YORK, AUCKLAND, HONOLULU, KOLKATA, "UTC"]),
    days=st.integers(0, 30),
)
def test_the_next_working_moment_is_the_first_one_from_now_on(
    moment: datetime, zone: str, days: int
) -> None:
    found = CALENDAR.next_working(moment, zone)

    assert found >= moment
    assert CALENDAR.is_working(found, zone)
    if found > moment:
        assert not CALENDAR.is_working(found - timedelta(minutes=1), zone)
    assert CALENDAR.is_working(CALENDAR.after_working_days(moment, days, zone), zone)


def test_holidays_are_read_line_by_line_and_written_in_order() -> None:
    found = parse_holidays("2026-12-25\n\n 2026-05-25 \r\n2026-12-25")

    assert found == {date(2026, 5, 25), date(2026, 12, 25)}
    assert format_holidays(found) == "2026-05-25\n2026-12-25"
    assert parse_holidays("") == frozenset()


@pytest.mark.parametrize("line", ["25.12.2026", "2026-02-30", "20261225", "２０２６-12-25", "Xmas"])
def test_a_line_that_is_not_a_date_is_named(line: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_holidays(f"2026-12-25\n{line}")

    assert f"“{line}” isn't a date" in refused.value.fields["holidays"]


def test_a_list_too_long_for_the_form_is_refused() -> None:
    many = format_holidays(date(2026, 1, 1) + timedelta(days=n) for n in range(251))

    with pytest.raises(InvalidInputError, match="251 dates"):
        parse_holidays(many)
