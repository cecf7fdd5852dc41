"""An answer whose response URL fails still reaches the person who asked."""

import logging
from dataclasses import replace

import pytest

from tests.support.faults import FAULTS, cards, prompts, read_by, save, strike
from tests.support.ops import Ops
from tests.support.patience import PATIENT
from tests.support.prompting import ROLLBACK, say


@pytest.fixture(autouse=True)
def hasty(ops: Ops) -> None:
    """Make the bot answer every command late."""
    ops.restart_with(replace(PATIENT, command_seconds=0))


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def reads(ops: Ops, words: str) -> bool:
    ops.drain()
    return any(words in text for text in read_by(ops.ana, ops))


def test_a_late_answer_reaches_the_person_who_asked(ops: Ops, fault: str) -> None:
    ops.record(ops.ana, "Roll back", rule="Roll back checkout.")
    # The command waits for this lookup, so its answer is always late.
    ops.start()
    ops.driver.fail("users.conversations", late=0.3, times=1)
    strike(ops, "response_url", fault, times=None)

    ops.ana.slash(ops.ops, "/lore find checkout", seconds=0)

    ops.driver.until(lambda: reads(ops, "Roll back checkout."))


def test_a_late_answer_comes_as_a_direct_message_if_the_bot_is_not_in_the_channel(
    ops: Ops, fault: str
) -> None:
    side = ops.driver.channel("side", members=[ops.ana])
    ops.record(ops.ana, "Roll back", rule="Roll back checkout.")
    ops.start()
    ops.driver.fail("users.conversations", late=0.3, times=1)
    strike(ops, "response_url", fault, times=None)

    ops.ana.slash(side, "/lore find checkout", seconds=0)

    def arrived() -> bool:
        # An answer that Slack took without confirming it is in the channel as well.
        return any("Roll back checkout." in each.words() for each in ops.ana.dms())

    ops.driver.until(arrived)


def test_if_slack_takes_no_answer_it_is_stored_and_sent_later(ops: Ops) -> None:
    ops.start()
    ops.driver.fail("users.conversations", late=0.3, times=1)
    for method in ("response_url", "chat.postEphemeral", "chat.postMessage"):
        ops.driver.fail(method, status=500)

    ops.ana.slash(ops.ops, "/lore find checkout", seconds=0)
    ops.driver.until(lambda: ops.store.outbox_backlog().waiting)
    ops.driver.heal()

    assert reads(ops, "Try again.")


@pytest.mark.parametrize("button", ["Not recurring", "Mute prompts here"])
def test_a_prompt_that_cannot_be_replaced_is_answered_beside_it(
    ops: Ops, fault: str, button: str, caplog: pytest.LogCaptureFixture
) -> None:
    say(ops, ops.ana, ROLLBACK)
    [prompt] = prompts(ops.ana)
    assert button in prompt.buttons()
    strike(ops, "response_url", fault, times=None)

    with caplog.at_level(logging.INFO):
        ops.ana.press(button, on=prompt)
    ops.driver.heal()

    assert "shown_beside" in [record.message for record in caplog.records]
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    assert not [record for record in ours if record.levelno >= logging.ERROR]
    if button == "Not recurring":
        assert reads(ops, "as not recurring")
        home = ops.ana.home()
        assert home is not None
        assert "Nothing is waiting for you." in home.words()
    else:
        assert reads(ops, "turns prompts on again")


def test_a_prompt_that_is_still_shown_after_accepting_records_once(ops: Ops, fault: str) -> None:
    say(ops, ops.ana, ROLLBACK)
    [prompt] = prompts(ops.ana)
    strike(ops, "response_url", fault, times=None)

    view = ops.ana.press("Record it", on=prompt)
    ops.driver.heal()

    assert save(view) == {}
    ops.drain()
    assert len(cards(ops)) == 1
