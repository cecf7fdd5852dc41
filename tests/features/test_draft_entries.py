"""A new entry is a draft if approval is on: its channel sees it, and approval puts it in force."""

import pytest

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import Key, State
from bot.domain.kinds import Kind
from tests.support.answers import heard
from tests.support.drafting import TITLE, card, drafted
from tests.support.entries import entry
from tests.support.ops import Ops
from tests.support.proposing import RULE, home
from tests.support.recording import pressed, saved, shortcut, thread, typed


@pytest.fixture
def ops(ops: Ops) -> Ops:
    """Return a workspace with the default approval setting."""
    ops.review(ApprovalPolicy())
    return ops


def announcements(ops: Ops) -> list[str]:
    return [m.text for m in ops.driver.messages(ops.ops) if " is in force: " in m.text]


def audited(ops: Ops) -> list[str]:
    with ops.store.read(ops.team) as tx:
        return [act.action for act in tx.audit.acts(entry=Key(kind=Kind.DECISION, number=1))]


def test_a_new_entry_is_a_draft_and_its_card_asks_for_approval(ops: Ops) -> None:
    shown = drafted(ops)

    assert entry(ops).state is State.DRAFT
    assert "Decision · draft · written by ana · revision 1 · owner ana" in shown.words()
    assert "Waiting for approval" in shown.words()
    assert shown.buttons() == ["Approve", "Request changes", "Edit", "View change", "History"]
    assert [m for m in ops.driver.messages(ops.ops) if " proposes " in m.text] == []


def test_the_first_approval_puts_revision_1_in_force(ops: Ops) -> None:
    ops.deliveries = 2
    ops.ben.press("Approve", on=drafted(ops))
    ops.drain()

    assert entry(ops).state is State.IN_FORCE
    shown = card(ops)
    assert "in force, never certified" in shown.words()
    assert shown.buttons() == ["Use it", "Edit", "History", "Still accurate", "Retire"]
    assert announcements(ops) == ["DEC-1@1 is in force: Roll back, approved by ben"]
    assert "DEC-1@1 is now in force." in heard(ops, ops.ben)
    assert audited(ops) == ["recorded", "proposed", "approved", "in_force"]


def test_the_author_cannot_approve_their_own_draft(ops: Ops) -> None:
    ops.ana.press("Approve", on=drafted(ops))

    assert "You wrote this" in heard(ops, ops.ana)
    assert entry(ops).state is State.DRAFT


def test_if_approval_is_off_a_new_entry_is_in_force_at_once(ops: Ops) -> None:
    ops.review(ApprovalPolicy(on=False))

    assert "in force, never certified" in drafted(ops).words()
    assert entry(ops).state is State.IN_FORCE


def test_if_the_author_is_the_only_member_a_new_entry_is_in_force_at_once(ops: Ops) -> None:
    alone = ops.driver.channel("alone", members=[ops.ana])
    ops.driver.invite_bot(alone, by=ops.ana)

    ops.draft(ops.ana, TITLE, channel=alone)

    assert entry(ops).state is State.IN_FORCE


def test_a_draft_recorded_from_a_thread_is_approved_there(ops: Ops) -> None:
    root = thread(ops)
    saved(ops, shortcut(ops.cleo, ops, root))

    [shown] = [m for m in ops.driver.thread(ops.ops, root) if "Approve" in m.buttons()]
    ops.ben.press("Approve", on=shown)
    ops.drain()

    assert entry(ops).is_in_force


def test_requested_changes_are_on_the_card_and_the_author_edits_the_draft(ops: Ops) -> None:
    drafted(ops)
    view = pressed(ops.ben, "Request changes", card(ops))
    saved(ops, view.fill({"What should change?": "Say when."}))
    assert "Changes requested by ben: Say when." in card(ops).words()
    assert card(ops).buttons() == ["Edit", "View change", "History"]

    form = pressed(ops.ana, "Edit", card(ops))
    assert "Say when." in form.words()
    assert "Kind of change" not in form.words()
    assert typed(form, RULE) == "We roll back."
    saved(ops, form.fill({RULE: "We roll back at once."}))

    assert "We roll back at once." in card(ops).words()
    assert "draft · written by ana · revision 2" in card(ops).words()
    assert "Your draft DEC-1@1 needs your revision" in ops.ana.dms()[-1].text
    told = ops.cleo.slash(ops.ops, "/lore diff DEC-1").words()
    assert "DEC-1@2 compared with DEC-1@1" in told
    assert "not in force" in ops.cleo.slash(ops.ops, "/lore show DEC-1@1").words()
    ops.ben.press("Approve", on=card(ops))
    ops.drain()
    assert (entry(ops).state, entry(ops).revision.number) == (State.IN_FORCE, 2)
    assert announcements(ops) == ["DEC-1@2 is in force: Roll back, approved by ben"]


def test_an_approval_of_an_older_text_does_not_count(ops: Ops) -> None:
    old = pressed(ops.ben, "View change", drafted(ops))
    saved(ops, pressed(ops.ana, "Edit", card(ops)).fill({RULE: "We roll back twice."}))

    old.press("Approve")

    assert ops.ben.view is not None
    assert "DEC-1@1 was replaced by DEC-1@2" in ops.ben.view.words()
    assert entry(ops).state is State.DRAFT


def test_a_withdrawn_draft_leaves_the_lists_and_stays_in_its_history(ops: Ops) -> None:
    view = pressed(ops.ana, "View change", drafted(ops))
    view.press("Withdraw")
    ops.drain()

    assert entry(ops).state is State.WITHDRAWN
    assert card(ops).buttons() == ["History"]
    assert "withdrawn" in card(ops).words()
    assert "Nothing found" in ops.ben.slash(ops.ops, "/lore find roll back").words()
    assert TITLE not in home(ops.ana)
    history = ops.ben.slash(ops.ops, "/lore history DEC-1").words()
    assert "DEC-1@1" in history
    assert "Restore" not in history
    assert ops.draft(ops.ben, "Fail over") == "DEC-2"
