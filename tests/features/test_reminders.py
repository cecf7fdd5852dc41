"""Reminders become rarer, say how long something has waited, and stop once it is decided."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from bot.domain.approval import ApprovalPolicy
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.certifying import TITLE, asked
from tests.support.editing import edit
from tests.support.nudging import at, kept, nudges, recorded, utc
from tests.support.ops import Ops
from tests.support.proposing import press, proposed, send_back
from tests.support.recording import saved
from tests.support.reviewing import certify

RULE = "What do we do?"
SATURDAY = 5  # as `date.weekday` counts


def days(first: str, count: int) -> Iterator[date]:
    start = date.fromisoformat(first)
    return (start + timedelta(days=number) for number in range(count))


def pass_days(ops: Ops, first: str, count: int) -> None:
    """Check once on each of these weekdays, at 15:05 in Berlin and 9:05 in New York."""
    for day in days(first, count):
        if day.weekday() < SATURDAY:
            at(ops, f"{day} 13:05")


def reminded_on(ops: Ops, person: PersonDriver, about: str | None = None) -> list[str]:
    """Return the days on which a nudge came, or one that lists this line."""
    return [
        f"{one.day:%m-%d}"
        for one in reversed(kept(ops, person))
        if one.ts is not None
        and (about is None or about in next(m for m in nudges(person) if m.ts == one.ts).words())
    ]


def alone(ops: Ops, due: str, title: str = TITLE) -> None:
    """Record an entry of ana's without a backup."""
    moment = ops.clock.time
    ops.clock.time = utc(due) - timedelta(days=90, seconds=1)
    ops.record(ops.ana, title)
    ops.clock.time = moment


def test_after_the_backups_turn_the_owner_is_reminded_of_a_review_weekly(ops: Ops) -> None:
    """It is due on Monday, 1 June. The owner has three working days, and then it is ben's turn."""
    recorded(ops, "2026-06-01 06:00")

    pass_days(ops, "2026-06-01", 30)

    assert reminded_on(ops, ops.ben) == ["06-04", "06-05"]
    assert reminded_on(ops, ops.ana) == ["06-01", "06-02", "06-09", "06-16", "06-23", "06-30"]
    assert "has been waiting since Jun 1" in nudges(ops.ana)[-1].words()
    assert "waiting for anyone in its channel" in asked(ops, ops.ana).words()


def test_a_reminder_lists_the_lines_that_are_due_for_one_and_counts_the_rest(ops: Ops) -> None:
    alone(ops, "2026-06-01 06:00", "The first")
    alone(ops, "2026-06-03 06:00", "The second")

    pass_days(ops, "2026-06-01", 3)

    [_, _, third] = nudges(ops.ana)
    assert reminded_on(ops, ops.ana, "The first") == ["06-01", "06-02"]
    assert "The second" in third.words()
    assert third.text == "2 entries are waiting for you"
    assert "1 more: /lore review." in third.words()


@pytest.mark.parametrize(
    "decide",
    [
        lambda ops, nudge: certify(ops.ana, nudge),
        lambda ops, nudge: ops.ana.press("Needs a change", on=nudge),
        lambda ops, nudge: ops.retire(ops.ana, nudge),
        lambda ops, nudge: ops.ana.select("ask_entry", ops.cleo, nudge),
    ],
)
def test_a_decision_ends_the_reminders(ops: Ops, decide: Callable[[Ops, Message], object]) -> None:
    alone(ops, "2026-06-01 06:00")
    ops.review(ApprovalPolicy())
    pass_days(ops, "2026-06-01", 1)

    decide(ops, nudges(ops.ana)[-1])
    ops.drain()
    pass_days(ops, "2026-06-02", 2)

    assert reminded_on(ops, ops.ana) == ["06-01"]


def test_a_line_shows_the_decision_and_a_new_revision_is_asked_about_again(ops: Ops) -> None:
    alone(ops, "2026-06-01 06:00")
    pass_days(ops, "2026-06-01", 1)
    ops.ben.press("Needs a change", on=asked(ops, ops.ben, "DEC-1"))
    assert "marked as needing a change" in asked(ops, ops.ana).words()
    pass_days(ops, "2026-06-02", 7)
    assert reminded_on(ops, ops.ana) == ["06-01"]

    view = edit(ops, ops.ben)
    saved(ops, view.fill({RULE: "We wait."}))
    pass_days(ops, "2026-06-09", 1)

    assert reminded_on(ops, ops.ana) == ["06-01", "06-09"]


@pytest.fixture
def change(ops: Ops) -> None:
    """Let ben propose a change to ana's DEC-1 on Monday, 1 June."""
    ops.record(ops.ana, TITLE, "We roll back.")
    ops.review(ApprovalPolicy())
    ops.clock.time = utc("2026-05-20 06:00")
    ops.ana.press("Still accurate", on=ops.ana.slash(ops.ops, "/lore show DEC-1").message or "")
    ops.clock.time = utc("2026-06-01 07:30")
    saved(ops, edit(ops, ops.ben).fill({RULE: "We wait."}))


@pytest.mark.usefixtures("change")
def test_approvals_are_reminded_of_after_1_3_7_and_then_every_14_working_days(ops: Ops) -> None:
    pass_days(ops, "2026-06-01", 30)

    assert reminded_on(ops, ops.ana) == ["06-02", "06-04", "06-10", "06-30"]
    assert "has been waiting since Jun 1" in nudges(ops.ana)[-1].words()


@pytest.mark.usefixtures("change")
def test_an_approval_ends_the_reminders(ops: Ops) -> None:
    pass_days(ops, "2026-06-01", 2)
    press(ops, ops.cleo, "Approve", proposed(ops))
    seen = reminded_on(ops, ops.ana, "Waiting for your approval")

    pass_days(ops, "2026-06-03", 1)

    assert reminded_on(ops, ops.ana, "Waiting for your approval") == seen


@pytest.mark.usefixtures("change")
def test_the_author_is_reminded_of_the_changes_that_were_requested(ops: Ops) -> None:
    send_back(ops, ops.cleo, "Say how long we wait.")

    pass_days(ops, "2026-06-01", 5)

    assert reminded_on(ops, ops.ben) == ["06-02", "06-04"]
    said = nudges(ops.ben)[-1].words()
    assert "Changes requested from you" in said
    assert "has been waiting for your revision since Jun 1" in said
    assert reminded_on(ops, ops.ana) == []

    view = ops.ben.press("Revise", on=proposed(ops))
    saved(ops, view.fill({RULE: "We wait an hour."}))  # type: ignore[union-attr] # a form
    assert "Revised by ben" in nudges(ops.ben)[-1].words()
    assert nudges(ops.ben)[-1].text == "Nothing here is waiting for you any more."


def test_no_one_gets_two_a_day(ops: Ops) -> None:
    for number in range(4):
        alone(ops, f"2026-06-0{number + 1} 06:00", f"Number {number}")

    for day in days("2026-06-01", 8):
        at(ops, f"{day} 07:05")
        at(ops, f"{day} 13:05")

    # Each comes on its own days 0 and 1, and the next one on day 3.
    assert reminded_on(ops, ops.ana) == ["06-01", "06-02", "06-03", "06-04", "06-05", "06-08"]
