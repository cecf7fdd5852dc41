"""Editing an entry: the same form, a note, and no lost text when two people edit at once."""

import pytest

from tests.support.editing import card, edit
from tests.support.ops import Ops
from tests.support.recording import DECISION, labels, pressed, saved, typed


def test_editing_opens_the_same_form_and_asks_what_changed(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.", fields={"Tags": "Deploy, on call"})

    view = edit(ops, ops.ben)

    assert view.title == "Edit DEC-1"
    assert labels(view) == [*DECISION[1:], "What changed and why?", "Kind of change"]
    assert typed(view, "Title") == "Roll back"
    assert typed(view, "What do we do?") == "We roll back."
    assert typed(view, "Tags") == "deploy, on-call"
    assert typed(view, "Owner") == ops.ana.id
    assert typed(view, "Review every") == "90 days"


def test_an_edit_creates_a_revision_with_its_note_and_updates_the_card_in_place(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")

    view = pressed(ops.ben, "Edit", card(ops))
    view.fill({"What do we do?": "We roll back twice.", "What changed and why?": "Once failed."})
    saved(ops, view)

    assert "We roll back twice." in card(ops).words()
    assert "revision 2" in card(ops).words()
    history = ops.ben.slash(ops.ops, "/lore history DEC-1").words()
    assert "Once failed." in history
    assert "edited by ben" in history
    assert "recorded by ana" in history
    older = ops.ben.slash(ops.ops, "/lore show DEC-1@1")
    assert "We roll back." in older.words()
    assert "older revision" in older.words()
    assert older.buttons() == ["History"]


def test_the_editor_is_told_where_they_opened_the_form(ops: Ops) -> None:
    """Their ephemeral card is never updated. The same holds if the form was redrawn since then."""
    ops.record(ops.ana, "Roll back", "We roll back.")
    random = ops.driver.channel("random", members=[ops.ben])
    ops.driver.invite_bot(random, by=ops.ben)
    shown = ops.ben.slash(random, "/lore show DEC-1").message
    assert shown is not None
    view = pressed(ops.ben, "Edit", shown)
    other = edit(ops, ops.ana).fill({"Why?": "Fixing took hours."})
    saved(ops, other)
    assert view.fill({"What do we do?": "We roll back twice."}).submit() == {}

    ops.deliveries = 3
    saved(ops, view)

    assert [each.text for each in ops.ben.ephemerals(random)][-1:] == [
        "Saved: DEC-1@3 is in force."
    ]
    assert [each.text for each in ops.ana.ephemerals(ops.ops)] == ["Saved: DEC-1@2 is in force."]


def test_an_edit_without_changes_says_so_and_creates_no_revision(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.", fields={"Tags": "deploy"})

    assert edit(ops, ops.ben).submit() == {
        "Title": "Nothing has changed yet. Change a field, or close the form."
    }

    assert "revision 1" in card(ops).words()


def test_the_second_of_two_editors_keeps_their_text_and_sees_the_first_ones_changes(
    ops: Ops,
) -> None:
    """Nothing is overwritten: if only the first editor changed a field, that change stays."""
    ops.record(ops.ana, "Roll back", "We roll back.")
    first, second = edit(ops, ops.ana), edit(ops, ops.ben)
    first.fill({"What do we do?": "We roll back within 5 minutes.", "Why?": "Fixing took hours."})
    saved(ops, first)
    second.fill({"What do we do?": "We roll back twice.", "What changed and why?": "Once failed."})

    assert second.submit() == {}

    assert ops.ben.view == second
    words = second.words()
    assert "DEC-1@2 was saved while you were editing" in words
    assert "“What do we do?”, “Why?”" in words
    assert "We roll back within 5 minutes." in words
    assert "Fixing took hours." in words
    assert typed(second, "What do we do?") == "We roll back twice."
    assert typed(second, "Why?") == "Fixing took hours."
    assert typed(second, "What changed and why?") == "Once failed."
    assert "We roll back within 5 minutes." in card(ops).words()
    second.fill({"What do we do?": "We roll back twice, within 5 minutes."})
    saved(ops, second)
    assert "revision 3" in card(ops).words()
    assert "We roll back twice, within 5 minutes." in card(ops).words()
    assert "Fixing took hours." in card(ops).words()


def test_a_conflict_whose_answer_was_lost_is_shown_again(ops: Ops) -> None:
    """The form on the screen still has the old revision, even if its draft has a newer one."""
    ops.record(ops.ana, "Roll back", "We roll back.")
    first, second = edit(ops, ops.ana), edit(ops, ops.ben)
    saved(ops, first.fill({"Why?": "Fixing took hours."}))

    ops.deliveries = 2
    assert second.fill({"What do we do?": "We roll back twice."}).submit() == {}

    assert "DEC-1@2 was saved while you were editing" in second.words()
    assert typed(second, "Why?") == "Fixing took hours."
    saved(ops, second)
    assert "We roll back twice." in card(ops).words()
    assert "Fixing took hours." in card(ops).words()


def test_an_entry_retired_during_an_edit_keeps_the_text_and_says_so(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    view = edit(ops, ops.ben)
    ops.ana.slash(ops.ops, "/lore retire DEC-1 We use flags now.")
    view.fill({"What do we do?": "We roll back twice."})

    assert view.submit() == {}

    assert ops.ben.view == view
    assert "DEC-1 was retired while you were editing" in view.words()
    assert typed(view, "What do we do?") == "We roll back twice."


def test_an_edit_that_slack_delivers_three_times_is_one_revision(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    view = edit(ops, ops.ben).fill({"Why?": "Fixing took hours."})

    ops.deliveries = 3
    saved(ops, view)

    assert "revision 2" in card(ops).words()


def test_adding_a_level_keeps_the_typed_text(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    view.choose("Level 1: notify", [ops.ben])
    saved(ops, view)

    view = edit(ops, ops.ben, "ESC-1")
    assert typed(view, "Level 1: notify") == [ops.ben.id]
    view.fill({"Level 1: tell them": "The shard."})
    view.press("Add a level")
    view.fill({"Level 2: tell them": "The customers."})
    saved(ops, view)

    assert "The shard." in card(ops, "ESC-1").words()
    assert "The customers." in card(ops, "ESC-1").words()


def test_clearing_a_field_removes_its_value(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.", fields={"Why?": "Fixing took hours."})

    saved(ops, edit(ops, ops.ben).fill({"Why?": None}))

    assert "Fixing took hours." not in card(ops).words()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "Which entry?"),
        ("DEC-9", "There is no DEC-9 that you can see. Did you mean DEC-1?"),
        ("rollback", "“rollback” isn't a key"),
    ],
)
def test_an_entry_that_cannot_be_edited_names_the_next_step(ops: Ops, key: str, words: str) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")

    answer = ops.ben.slash(ops.ops, f"/lore edit {key}")

    assert answer.view is None
    assert words in answer.words()
    assert "/lore find" in answer.words()


def test_a_retired_entry_cannot_be_edited(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")

    answer = ops.ben.slash(ops.ops, "/lore edit DEC-1")

    assert answer.view is None
    assert "DEC-1 is retired, so it can't be changed" in answer.words()


def test_a_secret_in_the_note_is_refused_next_to_the_field(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    view = edit(ops, ops.ben)
    view.fill({"Why?": "Faster.", "What changed and why?": "password: hunter2xyz"})

    assert list(view.submit()) == ["What changed and why?"]


def test_typing_continues_after_a_form_was_lost(ops: Ops) -> None:
    """A client that crashes reports nothing, so App Home offers the form again."""
    ops.record(ops.ana, "Roll back", "We roll back.")
    view = ops.ben.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    view.press("Add a level")

    home = ops.ben.home()
    assert home is not None
    again = home.press("Continue", near="Database down")

    assert again is not None
    assert typed(again, "Title") == "Database down"
    assert typed(again, "What goes wrong?") == "No writes."
    saved(ops, again)
    assert "No writes." in card(ops, "ESC-1").words()
