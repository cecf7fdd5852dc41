"""`/lore show KEY as of DATE`: the revision in force at a time in the reader's time zone."""

from datetime import UTC, datetime

import pytest

from bot.domain.errors import InvalidInputError
from bot.domain.typed_dates import parse_moment
from tests.support.editing import card, edit
from tests.support.ops import Ops
from tests.support.recording import saved


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def lived(ops: Ops) -> Ops:
    """Record DEC-1 on 4 March 10:00 UTC, edit it on the 10th 23:30 UTC, retire it on the 20th.

    In Berlin, where ana is, the edit was on the 11th at 00:30. In New York, where ben is, it
    was on the 10th at 19:30, because summer time had begun there.
    """
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.clock.time = at("2026-03-10 23:30")
    saved(ops, edit(ops, ops.ben).fill({"What do we do?": "We roll back twice."}))
    ops.clock.time = at("2026-03-20 12:00")
    ops.cleo.slash(ops.ops, "/lore retire DEC-1 We use flags now.")
    ops.clock.time = at("2026-04-01 12:00")
    ops.drain()
    return ops


def asked(ops: Ops, line: str, *, ben: bool = False) -> str:
    answer = (ops.ben if ben else ops.ana).slash(ops.ops, f"/lore {line}")
    assert answer.error is None
    return answer.words()


def test_a_date_means_its_end_in_the_readers_time_zone(lived: Ops) -> None:
    """The same date ends at another moment in Berlin than in New York."""
    words = asked(lived, "show DEC-1 as of 2026-03-10")
    assert "As of the end of 2026-03-10: DEC-1@1, in force since" in words
    assert "We roll back." in words

    words = asked(lived, "show DEC-1 as of 2026-03-10", ben=True)
    assert "As of the end of 2026-03-10: DEC-1@2, in force since" in words
    assert "We roll back twice." in words
    assert "DEC-1@2" in asked(lived, "show DEC-1 as of 2026-03-11")


def test_a_time_of_day_can_be_given(lived: Ops) -> None:
    assert "As of 2026-03-11 00:29: DEC-1@1" in asked(lived, "show DEC-1 as of 2026-03-11 00:29")
    assert "As of 2026-03-11 00:31: DEC-1@2" in asked(lived, "show DEC-1 as of 2026-03-11 00:31")


def test_an_entry_is_shown_as_it_was_then(lived: Ops) -> None:
    """It is retired now, but wasn't then, and the old revision has no buttons."""
    answer = lived.ana.slash(lived.ops, "/lore show DEC-1 as of 2026-03-15")
    assert "older revision" in answer.words()
    assert "retired" not in answer.words()
    assert answer.buttons() == ["History"]

    words = asked(lived, "show DEC-1 as of 2026-03-25")
    assert "DEC-1@3" in words
    assert "retired" in words


def test_a_revision_that_is_still_in_force_is_the_card_with_its_buttons(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.later(days=3)

    answer = ops.ana.slash(ops.ops, "/lore show DEC-1 as of 2026-03-05")

    assert "As of the end of 2026-03-05: DEC-1@1, in force since" in answer.words()
    assert answer.buttons() == card(ops).buttons()


def test_today_shows_the_present_state(lived: Ops) -> None:
    assert "DEC-1@3" in asked(lived, "show DEC-1 as of 2026-04-01")


@pytest.mark.parametrize("line", ["DEC-1 as of 2026-03-15", "dec 1 AS OF  2026-03-15T13:00"])
def test_a_key_without_show_works_too(lived: Ops, line: str) -> None:
    assert "DEC-1@2" in asked(lived, line)


def test_before_an_entry_existed_the_answer_says_since_when_it_does(lived: Ops) -> None:
    words = asked(lived, "show DEC-1 as of 2026-03-03")

    assert "DEC-1 did not exist at the end of 2026-03-03. It was recorded on 2026-03-04 11:00." in (
        words
    )
    assert "/lore show DEC-1@1" in words


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("DEC-1 as of", "“” isn't a date. Use as of 2026-03-01"),
        ("DEC-1 as of March", "“March” isn't a date."),
        ("DEC-1 as of 2026-02-30", "“2026-02-30” isn't a date."),
        ("DEC-1 as of 2026-03-01 25:00", "isn't a date."),
        ("DEC-1 as of 0001-01-01", "isn't a date."),
        ("DEC-1 as of 2026-04-02", "The end of 2026-04-02 is in the future."),
        ("DEC-1 as of 2026-04-01 18:00", "2026-04-01 18:00 is in the future."),
        ("DEC-1@2 as of 2026-03-15", "Give either a revision or a date"),
        ("DEC-7 as of 2026-03-15", "There is no DEC-7 that you can see."),
        ("as of 2026-03-15", "Which entry?"),
    ],
)
def test_a_time_that_is_not_in_the_past_is_refused(lived: Ops, line: str, said: str) -> None:
    assert said in asked(lived, f"show {line}")


def test_an_entry_of_a_private_channel_is_hidden_from_outsiders_at_any_time(ops: Ops) -> None:
    secret = ops.driver.channel("secret", members=[ops.ana], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    key = ops.record(ops.ana, "Hidden", channel=secret)

    assert f"There is no {key}" in asked(ops, f"show {key} as of 2026-03-04", ben=True)
    assert f"There is no {key}" in asked(ops, f"show {key} as of 2026-03-01", ben=True)


NOW = at("2027-01-01 00:00")


@pytest.mark.parametrize(
    ("typed", "timezone", "meant"),
    [
        ("2026-03-01", "UTC", "2026-03-01 23:59:59.999999"),
        ("2026-03-01", "Asia/Kolkata", "2026-03-01 18:29:59.999999"),
        ("2026-03-01 14:00", "Asia/Kolkata", "2026-03-01 08:30"),
        # 29 March has 23 hours in Berlin, 25 October 25.
        ("2026-03-28", "Europe/Berlin", "2026-03-28 22:59:59.999999"),
        ("2026-03-29", "Europe/Berlin", "2026-03-29 21:59:59.999999"),
        ("2026-10-24", "Europe/Berlin", "2026-10-24 21:59:59.999999"),
        ("2026-10-25", "Europe/Berlin", "2026-10-25 22:59:59.999999"),
        # 02:30 is skipped on the first date and comes twice on the second.
        ("2026-03-29 02:30", "Europe/Berlin", "2026-03-29 01:30"),
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25 00:30"),
        # In Santiago the clocks skip midnight, so 5 September ends where the 6th begins, at 01:00.
        ("2026-09-05", "America/Santiago", "2026-09-06 03:59:59.999999"),
    ],
)
def test_a_moment_is_in_the_given_time_zone(typed: str, timezone: str, meant: str) -> None:
    assert parse_moment(typed, timezone, NOW).at == at(meant)


def test_a_date_that_has_begun_can_be_asked_for_and_the_next_cannot() -> None:
    """In Kiritimati it is already the 2nd when the 1st has hardly begun elsewhere."""
    now = at("2026-03-01 10:30")

    assert parse_moment("2026-03-02", "Pacific/Kiritimati", now).name == "the end of 2026-03-02"
    with pytest.raises(InvalidInputError, match="in the future"):
        parse_moment("2026-03-02", "UTC", now)
