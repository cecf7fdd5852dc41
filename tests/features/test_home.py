"""App Home: waiting for me, my entries, search, and my channels."""

import pytest

from sandbox.forms import View
from sandbox.persons import PersonDriver
from tests.support.editing import card
from tests.support.ops import Ops
from tests.support.prompting import ROLLBACK, WAITS, say
from tests.support.recording import saved, typed
from tests.support.reviewing import certify

TITLE = "Roll back on checkout errors"
DECIDED = "We decided to roll back whenever checkout errors stay above two percent."


def home(person: PersonDriver) -> View:
    shown = person.home()
    assert shown is not None
    return shown


def test_an_empty_home_names_the_next_step(ops: Ops) -> None:
    words = home(ops.ana).words()

    assert "Nothing is waiting for you." in words
    assert "You own no entries yet. Record what you know: /lore record." in words.replace("`", "")
    assert "listening" in words


def test_a_guest_is_not_invited_to_record(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)

    words = home(guest).words()

    assert "You own no entries yet." in words
    assert "/lore record" not in words


def test_it_lists_my_entries_and_not_those_of_others(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, "We roll back.")

    assert TITLE in home(ops.ana).words()
    assert TITLE not in home(ops.ben).words()
    opened = home(ops.ana).press("Open", near=TITLE)
    assert opened is not None
    assert opened.title == "DEC-1"
    assert "We roll back." in opened.words()


def test_search_lists_results_or_says_that_there_are_none(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, "We roll back.")
    shown = home(ops.ben)

    shown.fill({"Search": "chekout erors"})
    assert TITLE in shown.words()
    shown.fill({"Search": "zeppelin"})
    assert "Nothing found for “zeppelin”." in shown.words()
    shown.fill({"Search": "DEC-1"})
    assert TITLE in shown.words()


def test_a_due_entry_waits_and_leaves_the_list_once_it_is_certified(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, "We roll back.")
    assert "overdue" not in home(ops.ana).words()
    ops.clock.time = ops.clock.time.replace(month=7)
    shown = home(ops.ana)
    assert "in force, overdue 32 days, never certified" in shown.words()

    view = certify(ops.ana, shown, TITLE)

    assert "Noted that DEC-1@1 is still accurate" in view.words()
    assert "overdue" not in shown.words()
    ops.drain()
    assert "last reviewed" in card(ops).words()


def test_an_entry_retired_before_a_press_says_so_and_leaves_the_list(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, "We roll back.")
    ops.clock.time = ops.clock.time.replace(month=7)
    shown = home(ops.ana)
    ops.ben.slash(ops.ops, "/lore retire DEC-1 No longer done.")

    told = shown.press("Still accurate", near=TITLE)

    assert told is not None
    assert "DEC-1 is retired" in told.words()
    assert TITLE not in shown.words()


def test_an_unanswered_prompt_waits_and_can_be_accepted(ops: Ops) -> None:
    """An ephemeral message is gone after a reload, so it is never the only copy."""
    ts = say(ops, ops.ben, ROLLBACK)
    shown = home(ops.ben)
    assert WAITS in shown.words()

    form = shown.press("Record it", near=WAITS)

    assert form is not None
    assert typed(form, "What do we do?") == ROLLBACK
    saved(ops, form)
    assert ops.driver.thread(ops.ops, ts)[-1].text.startswith("DEC-1")
    assert WAITS not in home(ops.ben).words()


def test_a_prompt_whose_message_was_deleted_does_not_wait(ops: Ops) -> None:
    ts = say(ops, ops.ana, ROLLBACK)
    form = home(ops.ana).press("Record it", near=WAITS)
    assert isinstance(form, View)
    form.close()
    assert WAITS in home(ops.ana).words()

    ops.ana.delete(ops.ops, ts)

    assert WAITS not in home(ops.ana).words()


def test_a_declined_prompt_does_not_wait(ops: Ops) -> None:
    say(ops, ops.ben, ROLLBACK)

    ops.ben.press("Not recurring", ops.ben.ephemerals(ops.ops)[-1], seconds=0)

    assert WAITS not in home(ops.ben).words()


def test_retired_entries_are_not_listed_as_mine(ops: Ops) -> None:
    ops.record(ops.ana, TITLE, "We roll back.")
    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")

    assert TITLE not in home(ops.ana).words()


def test_only_my_channels_are_listed(ops: Ops) -> None:
    other = ops.driver.channel("billing", members=[ops.ana])
    ops.driver.invite_bot(other, by=ops.ana)
    ops.drain()

    assert "billing" in home(ops.ana).words()
    assert "billing" not in home(ops.ben).words()


def test_during_an_outage_of_slack_the_page_says_why_it_is_empty(ops: Ops) -> None:
    ops.driver.fail("users.conversations", status=500)
    dan = ops.driver.person("dan")

    assert "Slack didn't tell Opslore who you are" in home(dan).words()


@pytest.mark.parametrize("words", ["<!channel> @here `x`", "\u200b", "a" * 200, "'\" OR 1=1 --"])
def test_any_words_can_be_searched_for(ops: Ops, words: str) -> None:
    shown = home(ops.ana)

    shown.fill({"Search": words})

    assert "Nothing found" in shown.words() or "Nothing is waiting for you." in shown.words()
    assert "<!channel" not in str(shown.raw["blocks"][1:])
    assert "@here" not in str(shown.raw["blocks"][1:])
