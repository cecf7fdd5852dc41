"""A channel's digest settings: when it is posted, and how a change is confirmed."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.digests import at, digests, monday
from tests.support.ops import Ops


@pytest.mark.parametrize(
    ("due", "next_due"),
    [
        # 02:30 is skipped: the digest is posted when it would have been. Then 02:30 exists again.
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 4, 5, 0, 30, tzinfo=UTC)),
        # 02:30 comes twice: the digest is posted the first time only.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 11, 1, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_is_skipped_or_comes_twice_is_used_once(
    ops: Ops, due: datetime, next_due: datetime
) -> None:
    ops.clock.time = due - timedelta(days=2)
    settings(ops, Day="Sunday", Time="02:30")
    for moment, posted in (
        (due - timedelta(seconds=2), 0),
        (due, 1),
        (due + timedelta(hours=1), 1),
        (next_due - timedelta(seconds=2), 1),
        (next_due, 2),
    ):
        at(ops, moment)
        assert len(digests(ops)) == posted


def settings(ops: Ops, **values: str) -> dict[str, str]:
    view = ops.ana.slash(ops.ops, "/lore digest settings").view
    assert view is not None
    if "Day" in values:
        view.choose("Day", values.pop("Day"))
    if "Time" in values:
        view.choose("Time", values.pop("Time"))
    view.fill({label.replace("_", " "): value for label, value in values.items()})
    return view.submit()


def told(ops: Ops) -> str:
    """Return the last ephemeral or direct message to Ana."""
    ops.drain()
    return ops.ana.ephemerals(ops.ops)[-1].words()


def test_changed_settings_say_when_the_next_digest_is_posted(ops: Ops) -> None:
    """The time is in the time zone of the channel in which they were changed."""
    settings(ops, Day="Thursday", Time="15:00", Time_zone="America/New_York")

    assert told(ops) == (
        "Saved. The next digest goes out on Thursday, Mar 5 at 15:00 (America/New_York)."
    )


def test_settings_of_a_channel_where_opslore_does_not_listen_say_so(ops: Ops) -> None:
    ops.ana.slash(ops.ops, "/lore watch off")
    settings(ops, Day="Thursday")

    assert "No digest goes out here until you turn Opslore on: /lore watch on." in told(ops)


def test_changed_settings_move_the_planned_digest(ops: Ops) -> None:
    ops.tick()
    assert settings(ops, Day="Thursday", Time="15:00", Time_zone="America/New_York") == {}

    at(ops, datetime(2026, 3, 5, 19, 59, tzinfo=UTC))
    assert not digests(ops)
    at(ops, datetime(2026, 3, 5, 20, 0, tzinfo=UTC))
    assert len(digests(ops)) == 1
    at(ops, monday(9, 8))
    assert len(digests(ops)) == 1


def test_an_unknown_time_zone_is_refused_next_to_its_field(ops: Ops) -> None:
    errors = settings(ops, Time_zone="Europe/Atlantis")

    assert errors == {"Time zone": "Use a name like Europe/Berlin or America/New_York."}


def test_a_change_right_after_a_digest_does_not_bring_a_second_one_that_day(ops: Ops) -> None:
    ops.tick()
    at(ops, monday(9, 8))
    settings(ops, Time="15:00")

    assert told(ops) == (
        "Saved. The next digest goes out on Monday, Mar 16 at 15:00 (Europe/Berlin). "
        "Today's has already gone out."
    )
    assert "next digest Mar 16 at 14:00 UTC" in ops.ana.slash(ops.ops, "/lore watch").words()
    at(ops, monday(9, 14))
    at(ops, monday(9, 15))
    assert len(digests(ops)) == 1
    at(ops, monday(16, 14))
    assert len(digests(ops)) == 2
