"""Slow calls to Slack: the request is acknowledged in time, and the person is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from bot.domain.errors import UnavailableError
from bot.slack.api.cache import Cache
from bot.slack.api.deadline import acknowledging
from bot.slack.api.posting import NotSentError, call
from sandbox.seen import Message
from tests.support.ops import Ops
from tests.support.patience import PATIENT

# Long enough for Slack's usual answers, and far shorter than the limit of any single call.
SECONDS = 0.8
QUESTION = "Checkout errors are above two percent again after the deploy."
METHODS = ("views.open", "chat.postEphemeral", "users.info")


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Run these tests on one database only, since Slack's faults don't depend on it."""
    path = tmp_path / "opslore.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture(autouse=True)
def short_time(ops: Ops) -> None:
    ops.restart_with(replace(PATIENT, ack_seconds=SECONDS))


def card(ops: Ops) -> Message:
    return next(m for m in ops.driver.messages(ops.ops) if "Use it" in m.buttons())


def take_shortcut(ops: Ops) -> None:
    ops.ben.shortcut("Record this thread", ops.ops, ops.driver.messages(ops.ops)[0], seconds=0)


def press(label: str) -> Callable[[Ops], None]:
    def pressed(ops: Ops) -> None:
        ops.ben.press(label, card(ops), seconds=0)

    return pressed


CLICKS: dict[str, Callable[[Ops], None]] = {
    "the shortcut": take_shortcut,
    "Use it": press("Use it"),
    "Edit": press("Edit"),
    "History": press("History"),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("click", CLICKS)
def test_a_click_is_acknowledged_in_time_and_the_person_is_told(
    ops: Ops, click: str, method: str
) -> None:
    ops.ana.say(ops.ops, QUESTION)
    ops.record(ops.ana, "Roll back")
    ops.start()  # a bot with an empty cache of people
    before = len(ops.driver.deliveries())
    seen = len(ops.ben.ephemerals(ops.ops)) + len(ops.ben.dms())
    ops.patience.seconds.clear()
    ops.driver.fail(method, never=True)

    CLICKS[click](ops)
    given = list(ops.patience.seconds.get(method, []))
    ops.driver.heal()
    ops.drain()

    [delivery] = [one for one in ops.driver.deliveries()[before:] if one["kind"] == "interactive"]
    assert delivery["acked"]
    assert all(seconds <= SECONDS for seconds in given)
    told = len(ops.ben.ephemerals(ops.ops)) + len(ops.ben.dms()) > seen
    assert told or ops.ben.view is not None


@pytest.mark.parametrize("click", ["the shortcut", "Edit"])
def test_a_form_that_did_not_open_in_time_says_so(ops: Ops, click: str) -> None:
    ops.ana.say(ops.ops, QUESTION)
    ops.record(ops.ana, "Roll back")
    ops.driver.fail("views.open", never=True)

    CLICKS[click](ops)
    assert ops.patience.seconds["views.open"][-1] <= SECONDS
    ops.driver.heal()
    ops.drain()

    assert "Slack didn't open the form in time." in ops.ben.ephemerals(ops.ops)[-1].words()
    ops.restart_with(PATIENT)
    CLICKS[click](ops)
    assert ops.ben.view is not None


def test_no_call_to_slack_starts_after_the_deadline(ops: Ops) -> None:
    client, before = ops.bot.deps.client, len(ops.driver.calls())

    with acknowledging(0.0), pytest.raises(NotSentError):
        call(client, "chat.postMessage", channel=str(ops.ops), text="Too late.")

    assert len(ops.driver.calls()) == before
    call(client, "chat.postMessage", channel=str(ops.ops), text="In time.")
    assert ops.driver.messages(ops.ops)[-1].text == "In time."


def test_a_call_to_slack_by_another_thread_does_not_extend_the_wait() -> None:
    kept, asked, go = Cache(lambda: 0.0), Event(), Event()

    def ask() -> str:
        asked.set()
        assert go.wait(60)
        return "ana"

    other = Thread(target=kept.once, args=(("person", "U1"), 60.0, ask))
    other.start()
    assert asked.wait(60)
    with acknowledging(0.0), pytest.raises(UnavailableError, match="Try again"):
        kept.once(("person", "U1"), 60.0, ask)
    go.set()
    other.join()

    assert kept.once(("person", "U1"), 60.0, ask) == "ana"
