"""Faults of Slack while an open form changes: the typed text stays, and the person is told why."""

import pytest

from bot.domain.kinds import Kind
from bot.usecases.entries.find import show_entry
from sandbox.forms import View
from tests.support.faults import cards, read_by, strike
from tests.support.ops import Ops
from tests.support.recording import as_reader, labels, typed

# If a call is answered after the bot gave up on it, its answer counts as lost.
FAULTS = ("ratelimited", "status 500", "never", "lost")


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def decision(ops: Ops, title: str = "Roll back") -> View:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    return view.fill({"Title": title, "What do we do?": "Roll back checkout."})


def told(ops: Ops) -> bool:
    """Return whether Ana got a reason, in a small modal on top that she closes, or next to it."""
    ops.drain()
    top = ops.ana.view
    if top is not None and top.title == "Opslore":
        words = top.words()
        top.close()
        return "ry again" in words
    return any("ry again" in words for words in read_by(ops.ana, ops))


def kind_of(ops: Ops, key: str) -> Kind:
    return show_entry(ops.store, ops.team, reader=as_reader(ops, ops.ana), key=key).key.kind


@pytest.mark.parametrize("pushed", ["reason in a modal", "no modal either"])
def test_a_kind_that_did_not_reach_the_screen_is_not_saved(
    ops: Ops, fault: str, pushed: str
) -> None:
    view = decision(ops)
    strike(ops, "views.update", fault)
    if pushed == "no modal either":
        strike(ops, "views.push", fault)

    view.choose("Kind", "Handoff")
    ops.driver.heal()

    assert told(ops)
    assert typed(view, "Title") == "Roll back"
    if fault == "lost":
        assert view.title == "Record a handoff"
        assert view.choose("Kind", "Decision").title == "Record a decision"
    assert view.title == "Record a decision"
    assert view.submit() == {}
    ops.drain()
    assert kind_of(ops, "DEC-1") is Kind.DECISION
    assert "Roll back checkout." in cards(ops)[0].words()


def test_a_level_that_did_not_reach_the_screen_can_be_added_again(ops: Ops, fault: str) -> None:
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Payments down", "Level 1: tell them": "Call the bank."})
    strike(ops, "views.update", fault)

    view.press("Add a level")
    ops.driver.heal()
    assert told(ops)
    assert ("Level 2: notify" in labels(view)) == (fault == "lost")
    again = len([label for label in labels(view) if label.endswith(": notify")])
    view.press("Add a level")

    assert typed(view, "Title") == "Payments down"
    assert typed(view, "Level 1: tell them") == "Call the bank."
    assert f"Level {again + 1}: notify" in labels(view)
    assert f"Level {again + 2}: notify" not in labels(view)


def test_a_level_added_after_a_failed_change_of_kind_belongs_to_the_form_on_screen(
    ops: Ops,
) -> None:
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Payments down"})
    strike(ops, "views.update", "status 500")
    view.choose("Kind", "Decision")
    ops.driver.heal()
    assert told(ops)

    view.press("Add a level")

    assert view.title == "Record an escalation"
    assert "Level 2: notify" in labels(view)


def test_a_form_that_could_not_be_replaced_by_the_entry_can_still_be_saved(
    ops: Ops, fault: str
) -> None:
    ops.record(ops.ben, "Roll back on checkout errors", "Roll back checkout.")
    view = ops.ana.slash(ops.ops, "/lore record Roll back on checkout errors").view
    assert view is not None
    view.fill({"What do we do?": "We roll checkout back at once."})
    strike(ops, "views.update", fault)

    view.press("Update DEC-1 instead")
    ops.driver.heal()

    assert told(ops)
    if fault == "lost":
        assert view.title == "Edit DEC-1"
        assert "We roll checkout back at once." in view.words()
        view.fill({"What do we do?": "We roll checkout back at once."})
        found = "DEC-1"
    else:
        assert view.title == "Record a decision"
        found = "DEC-2"
    assert view.submit() == {}
    ops.drain()
    entry = show_entry(ops.store, ops.team, reader=as_reader(ops, ops.ana), key=found)
    assert "at once" in str(entry.content.values)


def test_update_instead_works_on_the_second_try(ops: Ops, fault: str) -> None:
    if fault == "lost":
        pytest.skip("the first try reached the screen")
    ops.record(ops.ben, "Roll back on checkout errors", "Roll back checkout.")
    view = ops.ana.slash(ops.ops, "/lore record Roll back on checkout errors").view
    assert view is not None
    view.fill({"What do we do?": "We roll checkout back at once."})
    strike(ops, "views.update", fault)
    view.press("Update DEC-1 instead")
    ops.driver.heal()
    assert told(ops)

    view.press("Update DEC-1 instead")

    assert view.title == "Edit DEC-1"
    assert "We roll checkout back at once." in view.words()
    view.fill({"What do we do?": "We roll checkout back at once."})
    assert view.submit() == {}


@pytest.mark.parametrize("times", [1, 2])
def test_a_modal_over_a_modal_opens_or_says_why_not(ops: Ops, fault: str, times: int) -> None:
    ops.record(ops.ana, "Roll back", "Roll back checkout.")
    home = ops.ana.home()
    assert home is not None
    shown = home.press("Open", near="Roll back")
    assert shown is not None
    strike(ops, "views.push", fault, times=times)

    shown.press("Use it")
    ops.driver.heal()

    assert told(ops)
    assert "Roll back checkout." in shown.words()
    if ops.ana.view != shown:
        assert ops.ana.view is not None
        ops.ana.view.close()
    assert shown.press("Use it") is not None
    view = ops.ana.view
    assert view is not None
    assert view.submit() == {}
    assert "1 followed" in ops.ana.slash(ops.ops, "/lore show DEC-1").words()


def test_an_edit_whose_form_did_not_replace_the_entry_can_be_started_again(
    ops: Ops, fault: str
) -> None:
    ops.record(ops.ana, "Roll back", "Roll back checkout.")
    home = ops.ana.home()
    assert home is not None
    shown = home.press("Open", near="Roll back")
    assert shown is not None
    strike(ops, "views.update", fault)

    shown.press("Edit")
    ops.driver.heal()

    assert told(ops)
    if fault != "lost":
        assert "Roll back checkout." in shown.words()
        shown.press("Edit")
    shown.fill({"What do we do?": "Roll back at once."})
    assert shown.submit() == {}
    assert "Roll back at once." in ops.ana.slash(ops.ops, "/lore show DEC-1").words()
