"""Unsaved forms: text that can't be saved is stored and offered again."""

import pytest
from slack_bolt import BoltResponse

from bot.domain.approval import ApprovalPolicy
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.editing import card, edit
from tests.support.ops import Ops
from tests.support.proposing import proposed
from tests.support.recording import DECIDED, TOKEN, saved, shortcut, thread, typed
from tests.support.redacting import kept

WORDING = "Wording: what we do stays the same"


def drafts(ops: Ops, person: PersonDriver) -> Message:
    message = person.slash(ops.ops, "/lore drafts").message
    assert message is not None
    return message


def refused(ops: Ops, person: PersonDriver, title: str = "Roll back") -> View:
    """Return a form that was submitted with a fault and is still open."""
    view = person.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": title, "What do we do?": "We roll back.", "Runbook link": "see wiki"})
    assert list(view.submit()) == ["Runbook link"]
    return view


def gone_on(ops: Ops, person: PersonDriver) -> View:
    opened = person.press("Continue", drafts(ops, person))
    assert isinstance(opened, View)
    return opened


def test_a_refused_form_is_stored_when_it_is_closed(ops: Ops) -> None:
    refused(ops, ops.ana).close()

    assert "Decision: Roll back" in drafts(ops, ops.ana).words()
    home = ops.ana.home()
    assert home is not None
    assert "Unsaved: Roll back" in home.words()
    view = gone_on(ops, ops.ana)
    assert typed(view, "What do we do?") == "We roll back."
    assert typed(view, "Runbook link") == "see wiki"
    saved(ops, view.fill({"Runbook link": "https://wiki.example"}))
    assert "We roll back." in card(ops).words()
    assert "You have no unsaved form" in drafts(ops, ops.ana).words()


def test_a_form_that_was_never_submitted_is_deleted_when_it_is_closed(ops: Ops) -> None:
    """Slack doesn't report what was typed in a form that is closed."""
    view = ops.ana.slash(ops.ops, "/lore record decision Roll back").view
    assert view is not None
    view.fill({"What do we do?": "We roll back."}).choose("Kind", "Handoff")

    view.close()

    assert "You have no unsaved form" in drafts(ops, ops.ana).words()


def test_a_form_submitted_without_changes_is_deleted_too(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", fields={"Tags": "a, b", "Why?": "So."})
    view = edit(ops, ops.ben)
    assert "Nothing has changed yet" in str(view.submit())

    view.close()

    assert "You have no unsaved form" in drafts(ops, ops.ben).words()


def test_a_refused_secret_is_masked_in_the_stored_form(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Log in", "What do we do?": f"Use {TOKEN} for now."})
    assert list(view.submit()) == ["What do we do?"]

    view.close()

    assert TOKEN not in kept(ops.store)
    assert typed(gone_on(ops, ops.ana), "What do we do?") == "Use [secret masked] for now."


def test_an_edit_of_a_retired_entry_is_stored(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    view = edit(ops, ops.ben).fill({"What do we do?": "We roll back twice."})
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    assert view.submit() == {}

    view.close()

    assert "Edit of DEC-1: Roll back" in drafts(ops, ops.ben).words()
    assert typed(gone_on(ops, ops.ben), "What do we do?") == "We roll back twice."


def test_a_conflict_is_stored_with_both_texts(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    first, second = edit(ops, ops.ana), edit(ops, ops.ben)
    saved(ops, first.fill({"What do we do?": "Once.", "Why?": "It is faster."}))
    assert second.fill({"What do we do?": "Twice."}).submit() == {}

    second.close()

    again = gone_on(ops, ops.ben)
    assert typed(again, "What do we do?") == "Twice."
    assert typed(again, "Why?") == "It is faster."
    assert "What it says now:" in again.words()
    assert "Once." in again.words()
    saved(ops, again)
    assert "Twice." in card(ops).words()
    assert "It is faster." in card(ops).words()


def test_adding_a_level_keeps_the_conflict(ops: Ops) -> None:
    begun = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert begun is not None
    saved(ops, begun.fill({"Title": "Database down", "What goes wrong?": "No writes."}))
    first, second = edit(ops, ops.ana, "ESC-1"), edit(ops, ops.ben, "ESC-1")
    saved(ops, first.fill({"What goes wrong?": "No reads."}))
    assert second.fill({"What goes wrong?": "No backups."}).submit() == {}
    assert "No reads." in second.words()

    second.press("Add a level")

    assert "What it says now:" in second.words()
    assert "No reads." in second.words()
    assert typed(second, "What goes wrong?") == "No backups."


def test_a_second_conflict_does_not_hide_the_first(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    view = edit(ops, ops.ben).fill({"What do we do?": "Twice."})
    saved(ops, edit(ops, ops.ana).fill({"What do we do?": "Once."}))
    assert view.submit() == {}
    saved(ops, edit(ops, ops.ana).fill({"Why?": "It is faster."}))

    assert view.submit() == {}

    assert "Once." in view.words()
    assert "It is faster." in view.words()


def test_the_captured_text_stays_next_to_the_form_during_a_conflict(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back on checkout errors", DECIDED)
    begun = shortcut(ops.cleo, ops, thread(ops))
    begun.press("Update DEC-1 instead")
    view = ops.cleo.view
    assert view is not None
    assert "What you were about to record" in view.words()
    saved(ops, edit(ops, ops.ana).fill({"Why?": "It is faster."}))

    assert view.fill({"What do we do?": "Twice."}).submit() == {}

    assert "What it says now:" in view.words()
    assert "What you were about to record" in view.words()


@pytest.mark.parametrize("way", ["command", "shortcut", "button", "home"])
def test_if_slack_opens_no_form_the_person_is_told_where_it_is(ops: Ops, way: str) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    root = thread(ops)
    if way == "home":
        refused(ops, ops.cleo, "Fail over").close()
    ops.driver.fail("views.open", "expired_trigger_id")

    if way == "command":
        told = ops.cleo.slash(ops.ops, "/lore edit DEC-1").words()
    elif way == "home":
        home = ops.cleo.home()
        assert home is not None
        home.press("Continue", near="Fail over")
        ops.drain()
        told = ops.cleo.dms()[-1].words()
    else:
        if way == "shortcut":
            ops.cleo.shortcut("Record this thread", ops.ops, root)
        else:
            ops.cleo.press("Edit", card(ops))
        ops.drain()
        told = ops.cleo.ephemerals(ops.ops)[-1].words()

    assert "/lore drafts" in told
    assert "App Home" in told
    ops.driver.heal()
    assert isinstance(ops.cleo.press("Continue", drafts(ops, ops.cleo)), View)


ESCALATION = {
    "What goes wrong?": "No writes at all.",
    "Level 1: tell them": "The shard, and since when.",
    "Last resort": "Call the vendor.",
    "Tags": "storage, night",
}


def test_the_second_of_two_editors_keeps_every_type_of_field(ops: Ops) -> None:
    """These are levels, choices, people and tags. A field that both changed shows both values."""
    ops.record(ops.ana, "Elsewhere")
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    view.choose("Level 1: notify", [ops.ben]).choose("Level 1: wait", "5 minutes")
    saved(ops, view.choose("Severity", "SEV2: customers notice"))
    first, second = edit(ops, ops.ana, "ESC-1"), edit(ops, ops.ben, "ESC-1")
    first.fill({"Level 1: tell them": "The table.", "Tags": "storage"})
    first.choose("Level 1: wait", "15 minutes").choose("Review every", "30 days")
    saved(ops, first)
    second.fill(ESCALATION).choose("Severity", "SEV1: customers are down")
    second.choose("Level 1: notify", [ops.cleo]).choose("Owner", ops.cleo)

    assert second.submit() == {}

    words = second.words()
    assert "“Levels”, “Review every”, “Tags”" in words
    assert "The table." in words
    assert "15 minutes" in words
    for label, value in ESCALATION.items():
        assert typed(second, label) == value
    assert typed(second, "Severity") == "SEV1: customers are down"
    assert typed(second, "Level 1: notify") == [ops.cleo.id]
    assert typed(second, "Owner") == ops.cleo.id
    assert typed(second, "Review every") == "30 days"
    saved(ops, second)
    shown = card(ops, "ESC-1").words()
    assert "The shard, and since when." in shown
    assert "Call the vendor." in shown
    assert "storage, night" in shown or "night" in shown


def test_the_second_of_two_editors_keeps_the_items_of_a_handoff(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record handoff").view
    assert view is not None
    view.fill({"Title": "Shift", "From": "Day", "What must be passed on?": "Open incidents"})
    saved(ops, view)
    first, second = edit(ops, ops.ana, "HND-1"), edit(ops, ops.ben, "HND-1")
    saved(ops, first.fill({"What must be passed on?": "Open incidents\nDeploys", "To": "Night"}))
    second.choose("Acknowledge within", "15 minutes")
    second.fill({"What must be passed on?": "Open incidents\nAlerts"})

    assert second.submit() == {}

    assert "Deploys" in second.words()
    assert typed(second, "What must be passed on?") == "Open incidents\nAlerts"
    assert typed(second, "To") == "Night"
    second.fill({"What must be passed on?": "Open incidents\nDeploys\nAlerts"})
    saved(ops, second)
    shown = card(ops, "HND-1").words()
    for part in ("Deploys", "Alerts", "Night", "15 minutes"):
        assert part in shown


@pytest.mark.parametrize("saved_before", [False, True])
def test_a_bot_killed_before_its_answer_loses_nothing(
    ops: Ops, monkeypatch: pytest.MonkeyPatch, *, saved_before: bool
) -> None:
    """Slack reports an error and the form stays open. Submitting it again saves it once."""
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Roll back", "What do we do?": "We roll back."})
    dispatch = ops.bot.app.dispatch

    def killed(request: object) -> BoltResponse:
        if saved_before:
            dispatch(request)  # type: ignore[arg-type] # as it came
        return BoltResponse(status=500)

    monkeypatch.setattr(ops.bot.app, "dispatch", killed)
    assert view.submit() != {}
    monkeypatch.undo()
    ops.start()

    assert ops.ana.view == view
    saved(ops, view)
    assert "We roll back." in card(ops).words()


def test_a_form_can_be_discarded_from_the_list(ops: Ops) -> None:
    refused(ops, ops.ana, "Roll back").close()
    ops.clock.time = ops.clock.time.replace(hour=12)
    refused(ops, ops.ana, "Fail over").close()
    listed = drafts(ops, ops.ana)
    words = listed.words()
    assert words.index("Fail over") < words.index("Roll back")
    assert "for #ops" in words

    ops.ana.press("Discard", listed, near="Fail over")

    # The list is updated in place, and another list shows the same.
    for shown in (ops.ana.ephemerals(ops.ops)[-1].words(), drafts(ops, ops.ana).words()):
        assert "Roll back" in shown
        assert "Fail over" not in shown


def test_unsaved_forms_are_visible_to_their_authors_only(ops: Ops) -> None:
    refused(ops, ops.ana).close()

    assert "You have no unsaved form" in drafts(ops, ops.ben).words()


def test_a_form_of_a_channel_that_the_person_left_is_not_shown(ops: Ops) -> None:
    secret = ops.driver.channel("secret", members=[ops.ana, ops.ben], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    view = ops.ben.slash(secret, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Hush", "What do we do?": "Wait.", "Runbook link": "wiki"})
    assert view.submit() != {}
    ops.ben.leave(secret)

    assert "Hush" not in drafts(ops, ops.ben).words()


def test_a_form_from_a_thread_is_offered_with_its_evidence(ops: Ops) -> None:
    root = thread(ops)
    view = shortcut(ops.cleo, ops, root).fill({"Runbook link": "wiki"})
    assert view.submit() != {}
    view.close()

    saved(ops, gone_on(ops, ops.cleo).fill({"Runbook link": None}))

    assert "DEC-1" in ops.driver.thread(ops.ops, root)[-1].words()


def test_a_saved_form_is_not_opened_again(ops: Ops) -> None:
    refused(ops, ops.ana).close()
    listed = drafts(ops, ops.ana)
    view = ops.ana.press("Continue", listed)
    assert isinstance(view, View)
    saved(ops, view.fill({"Runbook link": "https://wiki.example"}))

    assert ops.ana.press("Continue", listed) is None

    ops.drain()
    told = ops.ana.ephemerals(ops.ops)[-1].words()
    assert "already saved as DEC-1" in told
    assert "/lore edit DEC-1" in told


@pytest.mark.parametrize("way", ["recorded", "edited", "proposed"])
def test_text_typed_after_a_lost_answer_is_merged_into_the_saved_entry(
    ops: Ops, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "recorded":
        form = ops.ben.slash(ops.ops, "/lore record decision").view
        assert form is not None
        view = form.fill({"Title": "Roll back"})
    else:
        ops.record(ops.ana, "Roll back", "We roll back.")
        ops.review(ApprovalPolicy(on=way == "proposed"))
        view = edit(ops, ops.ben)
    view.fill({"What do we do?": "Once."})
    dispatch = ops.bot.app.dispatch

    def lost(request: object) -> BoltResponse:
        dispatch(request)  # type: ignore[arg-type] # as it came
        return BoltResponse(status=500)

    monkeypatch.setattr(ops.bot.app, "dispatch", lost)
    assert view.submit() != {}
    monkeypatch.undo()
    ops.drain()
    view.fill({"What do we do?": "Twice."})
    assert view.submit() == {}

    again = ops.ben.view
    assert again is not None
    number = 1 if way == "recorded" else 2
    assert f"This form was already saved as DEC-1@{number}" in again.words()
    assert typed(again, "What do we do?") == "Twice."
    saved(ops, again)
    ops.drain()
    if way == "proposed":
        ops.ana.press("Approve", proposed(ops))
        ops.drain()
    assert "Twice." in card(ops).words()


@pytest.mark.parametrize("method", ["users.info", "users.conversations"])
def test_a_form_submitted_while_slack_did_not_answer_is_stored(ops: Ops, method: str) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "Roll back", "What do we do?": "We roll back."})
    ops.start()
    ops.driver.fail(method, status=500)
    assert view.submit() != {}
    view.close()
    ops.driver.heal()

    assert typed(gone_on(ops, ops.ana), "What do we do?") == "We roll back."


def test_the_chosen_kind_of_change_is_stored_with_the_text(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.review(ApprovalPolicy(on=True))
    view = edit(ops, ops.ben).choose("Kind of change", WORDING)
    view.fill({"What do we do?": "We roll back", "Runbook link": "see wiki"})
    assert view.submit() != {}
    view.close()

    again = gone_on(ops, ops.ben)
    assert typed(again, "Kind of change") == WORDING
    saved(ops, again.fill({"Runbook link": ""}))
    ops.ana.press("Request changes", proposed(ops))
    asked = ops.ana.view
    assert asked is not None
    saved(ops, asked.fill({"What should change?": "A full stop."}))
    revised = ops.ben.press("Revise", proposed(ops))
    assert isinstance(revised, View)
    assert typed(revised, "Kind of change") == WORDING
