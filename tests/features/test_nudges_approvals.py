"""A waiting change is in the nudges of people who can approve it."""

from datetime import timedelta

import pytest

from bot.domain.approval import ApprovalPolicy
from sandbox.forms import View
from sandbox.seen import Message
from tests.support.editing import edit
from tests.support.entries import entry
from tests.support.nudging import at, nudges
from tests.support.ops import Ops
from tests.support.proposing import press, proposed, send_back
from tests.support.recording import saved

RULE = "What do we do?"


@pytest.fixture(autouse=True)
def waiting(ops: Ops) -> None:
    """Let ben propose a change to ana's DEC-1 on Wednesday, 4 March, at 11:00 in Berlin."""
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.review(ApprovalPolicy())
    view = edit(ops, ops.ben)
    view.fill({RULE: "We roll back twice."})
    saved(ops, view)


def the_nudge(ops: Ops) -> Message:
    [found] = nudges(ops.ana)
    return found


def test_the_owner_is_nudged_after_the_change_has_waited_for_a_day(ops: Ops) -> None:
    at(ops, "2026-03-05 09:00")
    assert nudges(ops.ana) == []
    at(ops, "2026-03-05 14:00")

    said = the_nudge(ops).words()
    assert "Waiting for your approval" in said
    assert "DEC-1@2" in said
    assert "proposed by ben" in said
    assert nudges(ops.ben) == []
    assert nudges(ops.cleo) == []


def test_the_change_is_opened_and_approved_from_the_nudge(ops: Ops) -> None:
    at(ops, "2026-03-05 14:00")
    view = ops.ana.press("View change", the_nudge(ops))
    assert isinstance(view, View)
    view.press("Approve")
    ops.drain()

    assert entry(ops).revision.number == 2
    said = the_nudge(ops).words()
    assert "Approved by ana" in said
    assert "Nothing here is waiting for you any more." in said


def test_a_change_that_someone_else_decided_no_longer_waits(ops: Ops) -> None:
    at(ops, "2026-03-05 14:00")
    send_back(ops, ops.cleo, "Say how long we wait.")

    assert "Changes requested by cleo" in the_nudge(ops).words()
    at(ops, "2026-03-06 14:00")
    assert len(nudges(ops.ana)) == 1


def test_if_two_approvals_are_needed_the_first_approver_is_not_asked_again(ops: Ops) -> None:
    ops.review(ApprovalPolicy(approvals=2))
    at(ops, "2026-03-05 14:00")
    press(ops, ops.ana, "Approve", proposed(ops))

    assert "Nothing here is waiting for you any more." in the_nudge(ops).words()
    at(ops, "2026-03-06 14:00")
    assert len(nudges(ops.ana)) == 1


def test_the_backup_is_nudged_about_the_owners_own_change(ops: Ops) -> None:
    press(ops, ops.ana, "Approve", proposed(ops))
    view = edit(ops, ops.ana)
    saved(ops, view.choose("Backup", ops.ben))
    press(ops, ops.cleo, "Approve", proposed(ops))
    view = edit(ops, ops.ana)
    view.fill({RULE: "We wait."})
    saved(ops, view)
    ops.clock.time += timedelta(days=1)

    at(ops, "2026-03-06 15:00")
    assert nudges(ops.ana) == []
    [told] = nudges(ops.ben)
    assert "DEC-1@4" in told.words()
