"""Using an entry: the outcome counts once, for the exact revision."""

import pytest

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import Key
from sandbox.forms import View
from sandbox.persons import PersonDriver
from tests.support.editing import card, edit
from tests.support.ops import Ops
from tests.support.raw_requests import submitted, typed
from tests.support.recording import labels, pressed, saved

RULE = "We restart the payment gateway before calling the vendor about failed card payments."
ASKS = "Payment gateway fails card payments again, do we restart it before calling the vendor?"


@pytest.fixture(autouse=True)
def recorded(ops: Ops) -> None:
    ops.record(ops.ana, "Restart the payment gateway first", RULE)


def uses(ops: Ops) -> int:
    """Return how often the revision in force was used."""
    key = Key.parse("DEC-1")
    assert key
    with ops.store.read(ops.team) as tx:
        entry = tx.entries.get(key)
    assert entry
    return entry.uses.total


def test_the_cards_button_asks_how_it_went(ops: Ops) -> None:
    view = pressed(ops.ben, "Use it", card(ops))

    assert view.title == "Use DEC-1"
    assert labels(view) == ["How did it go?", "Note"]
    for choice in ("Followed", "Deviated", "Failed"):
        assert choice in view.words()
    saved(ops, view)
    assert "1 followed, 0 deviated, 0 failed" in card(ops).words()


def test_the_command_names_the_revision_that_was_followed(ops: Ops) -> None:
    saved(ops, edit(ops, ops.ana).fill({"Why?": "It helps."}))

    words = ops.ben.slash(ops.ops, "/lore use DEC-1@1").words()

    assert "Noted that you followed DEC-1@1. DEC-1@2 is now in force." in words
    assert uses(ops) == 0
    assert "this revision was used once" in ops.ben.slash(ops.ops, "/lore use DEC-1").words()


def test_a_revision_that_was_never_in_force_cannot_be_followed(ops: Ops) -> None:
    ops.review(ApprovalPolicy())
    saved(ops, edit(ops, ops.ana).fill({"Why?": "It helps."}))

    words = ops.ben.slash(ops.ops, "/lore use DEC-1@2").words()

    assert "DEC-1@2 was never in force" in words
    assert "Use DEC-1@1, which is in force." in words


@pytest.mark.parametrize("outcome", ["Deviated", "Failed"])
def test_a_deviation_or_a_failure_needs_a_note(ops: Ops, outcome: str) -> None:
    view = pressed(ops.ben, "Use it", card(ops))
    view.choose("How did it go?", outcome)

    assert view.submit() == {"Note": f"Say what happened. “{outcome}” needs a note."}
    view.fill({"Note": "The vendor answered first."})
    saved(ops, view)

    assert f"1 {outcome.lower()}" in card(ops).words()
    assert "Noted that " in ops.ben.ephemerals(ops.ops)[-1].text


def test_a_use_counts_for_the_revision_that_the_form_showed(ops: Ops) -> None:
    """Someone saves another revision while the form is open, and the use counts for the first."""
    view = pressed(ops.ben, "Use it", card(ops))
    assert "DEC-1@1" in view.words()
    saved(ops, edit(ops, ops.ana).fill({"Why?": "It helps."}))
    saved(ops, view)
    assert "Used since" not in card(ops).words()

    saved(ops, pressed(ops.ben, "Use it", card(ops)))

    assert "Uses of this revision: 1 followed" in card(ops).words()


def test_a_use_delivered_three_times_counts_once(ops: Ops) -> None:
    view = pressed(ops.ben, "Use it", card(ops))

    ops.deliveries = 3
    saved(ops, view)

    assert uses(ops) == 1
    assert len(ops.ben.ephemerals(ops.ops)) == 1


def test_two_uses_by_one_person_count_twice(ops: Ops) -> None:
    saved(ops, pressed(ops.ben, "Use it", card(ops)))
    saved(ops, pressed(ops.ben, "Use it", card(ops)))

    assert "2 followed" in card(ops).words()


def test_the_command_records_that_the_entry_was_followed(ops: Ops) -> None:
    answer = ops.ben.slash(ops.ops, "/lore use dec-1 Took two minutes.")

    assert "Noted that you followed DEC-1@1" in answer.words()
    assert "used once" in answer.words()
    ops.drain()
    assert "1 followed" in card(ops).words()


def test_a_command_delivered_three_times_counts_once(ops: Ops) -> None:
    ops.deliveries = 3
    ops.ben.slash(ops.ops, "/lore use DEC-1")

    assert uses(ops) == 1


def test_the_prompt_with_a_covering_entry_opens_the_same_form(ops: Ops) -> None:
    ops.ben.say(ops.ops, ASKS)
    ops.drain()
    [prompt] = ops.ben.ephemerals(ops.ops)
    assert prompt.text.startswith("DEC-1 covers this: ")
    assert prompt.buttons() == ["This helped", "Use it", "Open", "Not this"]

    view = pressed(ops.ben, "Use it", prompt)
    assert "DEC-1@1" in view.words()
    saved(ops, view)

    assert uses(ops) == 1
    assert [each.text for each in ops.ben.ephemerals(ops.ops)] == [
        "Noted that you followed DEC-1@1."
    ]
    home = ops.ben.home()
    assert home is not None
    assert "covers what you wrote" not in home.words()


def test_a_cancelled_use_counts_nothing(ops: Ops) -> None:
    pressed(ops.ben, "Use it", card(ops)).close()
    ops.drain()

    assert uses(ops) == 0
    assert "Used since" not in card(ops).words()


def test_an_entry_retired_while_the_form_was_open_cannot_be_used(ops: Ops) -> None:
    view = pressed(ops.ben, "Use it", card(ops))
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")

    [(label, reason)] = view.submit().items()

    assert label == "Note"
    assert "DEC-1 is retired" in reason
    assert "`" not in reason, "next to a field Slack shows it unformatted"
    assert uses(ops) == 0


def test_a_use_does_not_certify(ops: Ops) -> None:
    """An entry that is used often may still be wrong, so the due date stays."""
    due = card(ops).words().partition("due ")[2].split()[0]

    saved(ops, pressed(ops.ben, "Use it", card(ops)))

    assert "never certified" in card(ops).words()
    assert card(ops).words().partition("due ")[2].split()[0] == due


def test_a_secret_in_the_note_is_refused(ops: Ops) -> None:
    view = pressed(ops.ben, "Use it", card(ops)).fill({"Note": "password: hunter2xyz"})

    assert isinstance(view, View)
    assert list(view.submit()) == ["Note"]


@pytest.fixture
def guest(ops: Ops) -> PersonDriver:
    found = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, found)
    return found


def test_a_guest_can_only_say_that_they_followed_it(ops: Ops, guest: PersonDriver) -> None:
    view = pressed(guest, "Use it", card(ops))

    assert "Followed" in view.words()
    assert "If you deviated or it failed, tell a full member of this channel." in view.words()
    for choice in ("Deviated\n", "Failed"):
        assert choice not in view.words()
    saved(ops, view.fill({"Note": "Went well."}))
    assert "1 followed, 0 deviated, 0 failed" in card(ops).words()


@pytest.mark.parametrize("outcome", ["deviated", "failed"])
def test_a_guests_use_makes_nothing_due_and_adds_nothing_to_the_digest(
    ops: Ops, guest: PersonDriver, outcome: str
) -> None:
    """A form opened while still a member, or a forged one, is refused with the next step."""
    typed_in = {
        "outcome": {"type": "radio_buttons", "selected_option": {"value": outcome}},
        "note": typed("The guest says otherwise."),
    }

    answer = submitted(ops, guest, "use_form", {"cited": "DEC-1@1"}, typed_in)

    assert "Tell a full member of this channel" in answer["errors"]["outcome"]
    assert uses(ops) == 0
    assert "never certified" in card(ops).words()
    ops.ana.slash(ops.ops, "/lore digest now")
    ops.drain()
    digest = ops.driver.messages(ops.ops)[-1].words()
    assert "Weekly digest" in digest
    assert "The guest says otherwise." not in digest
    assert "Failing" not in digest
    assert "Deviations" not in digest
