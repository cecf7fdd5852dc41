"""Restoring earlier revisions, superseding entries, and the list of changes."""

import pytest

from bot.domain.approval import ApprovalPolicy
from bot.slack import ids
from sandbox.forms import View
from tests.support.answers import heard, told
from tests.support.editing import card, edit
from tests.support.entries import entry
from tests.support.ops import Ops
from tests.support.proposing import press, proposed
from tests.support.recording import saved

WHY = "What changed and why?"
RULE = "What do we do?"


@pytest.fixture(autouse=True)
def revised(ops: Ops) -> None:
    """Record DEC-1 and edit it once."""
    ops.record(ops.ana, "Roll back", "We roll back.")
    view = edit(ops, ops.ben)
    view.fill({RULE: "We roll back twice."})
    saved(ops, view)


def slash(ops: Ops, text: str) -> str:
    words = ops.ben.slash(ops.ops, f"/lore {text}").words()
    ops.drain()
    return words


def test_restoring_an_earlier_revision_creates_a_new_one(ops: Ops) -> None:
    assert "DEC-1@3 is in force, with the text of DEC-1@1." in slash(ops, "restore DEC-1 1 Better.")

    assert entry(ops).content.text("rule") == "We roll back."
    assert "restored by ben" in slash(ops, "history DEC-1")
    assert "is identical to DEC-1@1, so there is nothing to restore" in slash(
        ops, "restore DEC-1@1 Still better."
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("restore DEC-1", "Which revision?"),
        ("restore DEC-1 9", "there is no DEC-1@9"),
        ("restore DEC-1 1 2", "Restore one revision at a time"),
        ("restore DEC-9 1", "There is no DEC-9"),
        ("supersede DEC-1", "Name the old and the new entry"),
        ("supersede DEC-1 with DEC-1", "can't replace itself"),
        ("supersede DEC-1 with DEC-9", "There is no DEC-9"),
        ("changes since yesterday", "isn't a date"),
        ("changes since 2036-01-01", "is in the future"),
    ],
)
def test_a_mistyped_command_names_the_next_step(ops: Ops, typed: str, said: str) -> None:
    assert said in slash(ops, typed)
    assert entry(ops).revision.number == 2


def test_a_retired_entry_can_be_restored_to_its_last_or_an_earlier_revision(ops: Ops) -> None:
    slash(ops, "retire DEC-1 No longer done.")
    assert "DEC-1@4 is in force" in slash(ops, "restore DEC-1 Better.")
    assert not entry(ops).retired
    assert entry(ops).content.text("rule") == "We roll back twice."

    slash(ops, "retire DEC-1 No longer done.")
    slash(ops, "restore DEC-1 1 Better.")
    assert not entry(ops).retired
    assert entry(ops).content.text("rule") == "We roll back."
    assert entry(ops).certified_at is None


def test_if_approval_is_on_restoring_is_a_proposal_like_any_other(ops: Ops) -> None:
    ops.review(ApprovalPolicy())

    first, second = (
        slash(ops, "restore DEC-1 1 Better."),
        slash(ops, "restore DEC-1 1 Better."),
    )
    assert "Proposed: DEC-1@3 is waiting for approval" in first
    assert second == first
    assert "restoring an earlier revision" in proposed(ops).words()
    press(ops, ops.ana, "Approve")

    assert entry(ops).content.text("rule") == "We roll back."


def test_the_menu_of_a_revision_restores_it(ops: Ops) -> None:
    answer = ops.ben.slash(ops.ops, "/lore history DEC-1").message
    assert answer is not None
    form = ops.ben.select(ids.REVISION_MENU, "Restore", answer, near="DEC-1@1")
    assert isinstance(form, View)
    assert "It will have the text of DEC-1@1 again." in form.words()
    assert list(form.fill({WHY: " "}).submit()) == [WHY]
    assert form.fill({WHY: "Better."}).submit() == {}
    ops.drain()

    assert entry(ops).revision.note == "Better."
    assert "DEC-1@3 is in force, with the text of DEC-1@1." in told(ops)


def test_both_entries_show_the_replacement_until_the_old_one_is_restored(ops: Ops) -> None:
    ops.record(ops.ana, "Fail over")
    assert "DEC-1 is replaced by DEC-2" in slash(ops, "supersede DEC-1 with DEC-2 It says more.")

    assert entry(ops).retired
    assert "Replaced by DEC-2" in slash(ops, "show DEC-1")
    assert "Replaces DEC-1" in slash(ops, "show DEC-2")
    assert "Replaces DEC-1" in card(ops, "DEC-2").words()
    slash(ops, "restore DEC-1 Better.")
    assert "Supersedes" not in card(ops, "DEC-2").words()
    assert "superseded by ben" in slash(ops, "history DEC-1")


def test_an_entry_that_was_retired_cannot_replace_another(ops: Ops) -> None:
    ops.record(ops.ana, "Fail over")
    ops.review(ApprovalPolicy())
    slash(ops, "supersede DEC-1 with DEC-2 It says more.")
    ops.review(ApprovalPolicy(on=False))
    slash(ops, "retire DEC-2 No longer done.")
    ops.review(ApprovalPolicy())

    press(ops, ops.ana, "Approve")
    assert "Bring it back first with /lore restore DEC-2" in heard(ops, ops.ana)
    assert not entry(ops).retired

    ops.review(ApprovalPolicy(on=False))
    slash(ops, "restore DEC-2 Better.")
    ops.review(ApprovalPolicy())
    press(ops, ops.ana, "Approve")
    assert entry(ops).retired


def test_changes_lists_what_took_effect_and_hides_private_entries(ops: Ops) -> None:
    dan = ops.driver.person("dan")
    secret = ops.driver.channel("secret", private=True, members=[dan])
    ops.driver.invite_bot(secret, by=dan)
    ops.drain()
    ops.record(dan, "Hidden", channel=secret)

    words = slash(ops, "changes")
    assert words.index("DEC-1@2") < words.index("DEC-1@1")
    assert "Hidden" not in words
    assert "Hidden" in dan.slash(secret, "/lore changes since 2026-03-01").words()
    ops.clock.time = ops.clock.time.replace(month=5)
    assert "Nothing that you can see has changed since" in slash(ops, "changes")
    assert "DEC-1@2" in slash(ops, "changes since 2026-03-04")


def test_history_shows_who_approved_and_which_changes_never_took_effect(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    view = edit(ops, ops.ben)
    view.fill({RULE: "We wait."})
    saved(ops, view)
    assert "proposed" in slash(ops, "history DEC-1")
    assert "not in force" in slash(ops, "show DEC-1@3")
    assert "proposed by ben" in card(ops).words()
    press(ops, ops.ana, "Approve")

    assert "approved by ana" in slash(ops, "history DEC-1")
    assert "proposed by" not in card(ops).words()


def test_review_lists_the_proposals(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    view = edit(ops, ops.ben)
    view.fill({RULE: "We wait."})
    saved(ops, view)

    for typed in ("/lore review", "/lore review DEC-1"):
        assert "ben proposes a rule change" in ops.ana.slash(ops.ops, typed).words()


def test_review_lists_the_proposal_to_restore_a_retired_entry(ops: Ops) -> None:
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    assert "/lore restore DEC-1 brings it back" in slash(ops, "review DEC-1")
    ops.review(ApprovalPolicy())
    proposed = ops.ben.slash(ops.ops, "/lore restore DEC-1 Needed again.").words()
    assert "DEC-1 stays retired until then." in proposed

    words = ops.ana.slash(ops.ops, "/lore review DEC-1").words()

    assert "ben proposes" in words
    assert "still accurate" not in words


@pytest.mark.parametrize(
    ("command", "act"),
    [
        ("retire DEC-1", "Retire"),
        ("supersede DEC-1 with DEC-2", "Supersede"),
        ("restore DEC-1 1", "Restore"),
        ("restore DEC-1@1", "Restore"),
    ],
)
def test_a_command_without_a_reason_asks_for_it_in_a_form(ops: Ops, command: str, act: str) -> None:
    ops.record(ops.ana, "Fail over")
    form = ops.ben.slash(ops.ops, f"/lore {command}").view
    assert form is not None
    assert form.title == f"{act} DEC-1"
    assert form.raw["submit"]["text"] == act
    assert list(form.submit()) == [WHY]

    form.fill({WHY: "We use flags now."})
    ops.deliveries = 2
    assert form.submit() == {}
    ops.deliveries = 1
    ops.drain()

    assert (entry(ops).revision.number, entry(ops).revision.note) == (3, "We use flags now.")
    assert "We use flags now." in slash(ops, "history DEC-1")
    assert told(ops).startswith("DEC-1")


@pytest.mark.parametrize(
    "command",
    [
        "retire DEC-1 We use flags now.",
        "supersede DEC-1 with DEC-2 We use flags now.",
        "restore DEC-1 1 We use flags now.",
        "restore DEC-1@1 We use flags now.",
    ],
)
def test_a_reason_in_the_command_is_enough(ops: Ops, command: str) -> None:
    ops.record(ops.ana, "Fail over")

    answer = ops.ben.slash(ops.ops, f"/lore {command}")

    assert answer.view is None
    assert (entry(ops).revision.number, entry(ops).revision.note) == (3, "We use flags now.")


def test_a_retired_entry_is_restored_with_a_reason(ops: Ops) -> None:
    slash(ops, "retire DEC-1 No longer done.")
    form = ops.ben.slash(ops.ops, "/lore restore DEC-1").view
    assert form is not None
    assert form.fill({WHY: "Done again."}).submit() == {}

    assert not entry(ops).retired
    assert entry(ops).revision.note == "Done again."


def test_if_approval_is_on_the_form_proposes_and_the_card_shows_the_reason(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    form = ops.ben.slash(ops.ops, "/lore retire DEC-1").view
    assert form is not None
    assert form.raw["submit"]["text"] == "Propose"
    assert form.fill({WHY: "We use flags now."}).submit() == {}
    ops.drain()

    assert "Why: We use flags now." in proposed(ops).words()
    assert not entry(ops).retired
