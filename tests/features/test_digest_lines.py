"""The lines of a digest: the people they name, their contents, and the answer to each press."""

from datetime import timedelta

import pytest

from bot.domain.approval import ApprovalPolicy
from sandbox.forms import View
from sandbox.seen import Message
from tests.support.accounts import deactivated
from tests.support.digests import again, now
from tests.support.editing import edit
from tests.support.gap_threads import DISK, ask
from tests.support.ops import Ops
from tests.support.proposing import propose
from tests.support.recording import pressed, saved

GONE = "Owner gone"
WAITING = "Waiting for approval"


@pytest.fixture(autouse=True)
def recorded(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")


def test_an_owner_outside_the_public_channel_is_not_gone(ops: Ops) -> None:
    dora = ops.driver.person("dora")
    ops.cleo.slash(ops.ops, "/lore owner DEC-1 @dora")
    ops.drain()

    assert GONE not in now(ops).words()

    deactivated(ops, dora)
    assert GONE in now(ops).words()


def test_an_owner_who_left_and_is_named_again_is_not_gone(ops: Ops) -> None:
    ops.ana.leave(ops.ops)
    ops.drain()
    digest = now(ops)
    assert GONE in digest.words()

    saved(ops, pressed(ops.cleo, "Assign", digest).choose("Owner", ops.ana))

    assert "Owner confirmed by cleo" in again(ops, digest).words()
    assert GONE not in now(ops).words()


def test_changing_the_owner_in_the_form_handles_the_line(ops: Ops) -> None:
    ops.ana.leave(ops.ops)
    ops.drain()
    digest = now(ops)

    saved(ops, edit(ops, ops.ben).choose("Owner", ops.ben))

    assert "Take over" not in again(ops, digest).buttons()


def test_a_change_sent_back_to_its_author_waits_for_no_approval(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    proposal = propose(ops, ops.ben)
    assert WAITING in now(ops).words()

    view = pressed(ops.cleo, "Request changes", proposal)
    saved(ops, view.fill({"What should change?": "Say when."}))

    assert WAITING not in now(ops).words()


def test_a_change_in_conflict_waits_for_no_approval(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    first = propose(ops, ops.ben)
    propose(ops, ops.cleo, **{"What do we do?": "We roll back three times."})
    digest = now(ops)

    ops.ana.press("Approve", on=first)
    ops.drain()

    assert "Conflict with a change by ana" in again(ops, digest).words()
    assert WAITING not in now(ops).words()


@pytest.mark.parametrize(
    ("button", "outcome"),
    [
        ("Still accurate", "Still accurate by ben"),
        ("Snooze", "Snoozed by ben"),
        ("Retire", "Retired by ben"),
    ],
)
def test_a_line_of_an_old_digest_shows_its_outcome_too(ops: Ops, button: str, outcome: str) -> None:
    ops.clock.time += timedelta(days=200)
    digest = now(ops)
    ops.clock.time += timedelta(days=40)

    ops.answer_form(ops.ben.press(button, on=digest))
    ops.drain()

    assert outcome in again(ops, digest).words()


def test_take_over_is_answered_after_the_owner_came_back(ops: Ops) -> None:
    """There is nothing left to take over, but the line still shows who pressed the button."""
    ops.ana.leave(ops.ops)
    ops.drain()
    digest = now(ops)
    ops.driver.invite(ops.ops, ops.ana)
    ops.drain()

    ops.ana.press("Take over", on=digest)
    ops.drain()

    assert "Owner changed by ana" in again(ops, digest).words()


def test_an_old_line_of_a_gap_shows_its_outcome(ops: Ops) -> None:
    ask(ops, *DISK)
    digest = now(ops)
    ops.clock.time += timedelta(days=40)

    ops.ben.press("Not recurring", on=digest)
    ops.drain()

    assert "Not recurring by ben" in again(ops, digest).words()


def test_a_gap_that_was_recorded_is_not_called_dismissed(ops: Ops) -> None:
    ask(ops, *DISK)
    shown = ops.ana.slash(ops.ops, "/lore gaps").message
    assert isinstance(shown, Message)
    theirs = ops.ben.slash(ops.ops, "/lore gaps").message
    assert isinstance(theirs, Message)
    view = ops.ben.press("Record it", on=theirs)
    assert isinstance(view, View)
    saved(ops, view.fill({"What do we do?": "We clear it."}))

    ops.ana.press("Not recurring", on=shown)
    ops.drain()

    assert (
        "Someone has already recorded or dismissed this gap"
        in ops.ana.ephemerals(ops.ops)[-1].words()
    )


def test_a_line_links_to_its_entry_and_a_failing_line_to_the_failed_use(ops: Ops) -> None:
    card = next(each for each in ops.driver.messages(ops.ops) if each.text.startswith("DEC-1"))
    view = pressed(ops.ben, "Use it", card).choose("How did it go?", "Failed")
    saved(ops, view.fill({"Note": "It hung."}))

    ops.record(ops.ana, "Roll forward", "We roll forward.")

    digest = now(ops)

    assert f"/archives/{ops.ops}/p{card.ts.replace('.', '')}" in str(digest.blocks)
    ops.ana.press("Open", on=digest, near="Roll forward")
    assert "We roll forward." in ops.ana.ephemerals(ops.ops)[-1].words()


def test_a_use_from_a_prompt_links_to_the_message(ops: Ops) -> None:
    ops.record(ops.ana, "Build server disk full", "We clear the build server disk.")
    ts = ops.ben.say(ops.ops, DISK[0])
    ops.drain()
    [prompt] = ops.ben.ephemerals(ops.ops)
    view = pressed(ops.ben, "Use it", prompt).choose("How did it go?", "Failed")
    saved(ops, view.fill({"Note": "It filled up again."}))

    assert f"/archives/{ops.ops}/p{ts.replace('.', '')}" in str(now(ops).blocks)


def test_a_line_does_not_link_to_a_deleted_message(ops: Ops) -> None:
    root = ops.ben.say(ops.ops, "Checkout shows errors. What do we do?")
    ops.drain()
    view = ops.ana.shortcut("Record this thread", ops.ops, root)
    assert isinstance(view, View)
    saved(ops, view.fill({"What do we do?": "We roll back."}))
    ops.ben.delete(ops.ops, root)
    ops.drain()

    digest = now(ops)

    assert "Checkout shows errors" in digest.words()
    assert root.replace(".", "") not in str(digest.blocks)


def test_a_handled_line_stays_handled_after_its_messages_are_deleted(ops: Ops) -> None:
    said = ask(ops, *DISK)
    digest = now(ops)
    ops.ben.press("Not recurring", on=digest)
    for ts in said:
        ops.ben.delete(ops.ops, ts)
    ops.drain()

    words = again(ops, digest).words()

    assert "Its messages were deleted\nNot recurring by ben" in words
    assert "build server" not in words
