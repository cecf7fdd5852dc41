"""Faults of Slack, and what people read after them."""

from collections.abc import Callable
from typing import Any

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from sandbox.transports import Parcel, signed
from tests.support.ops import Ops

FAULTS: dict[str, dict[str, Any]] = {
    "ratelimited": {"error": "ratelimited", "retry_after": 20},
    "status 500": {"status": 500},
    # The answer of a proxy between the bot and Slack.
    "status 403": {"status": 403},
    "never": {"never": True},
    "lost": {"lost": True},
    "late": {"late": 1.2},
}


def strike(ops: Ops, method: str, fault: str, times: int | None = 1) -> None:
    ops.driver.fail(method, times=times, **FAULTS[fault])
    if fault in ("never", "late"):
        ops.patience.ends_soon(method, times)


def settle(ops: Ops) -> None:
    """Let ten minutes pass, in which whatever was put off is tried again."""
    for _ in range(10):
        ops.later(minutes=1)


def read_by(person: PersonDriver, ops: Ops) -> list[str]:
    """All that was said to this person alone."""
    return [each.words() for each in (*person.ephemerals(ops.ops), *person.dms())]


def prompts(person: PersonDriver) -> list[Message]:
    return [each for each in person.ephemerals() if "Mute prompts here" in each.buttons()]


def cards(ops: Ops) -> list[Message]:
    said = ops.driver.messages(ops.ops)
    return [each for each in said if each.text.startswith("DEC-") and "Use it" in each.buttons()]


def save(view: View | object, **values: str) -> dict[str, str]:
    assert isinstance(view, View)
    view.fill({"Title": "Roll back", "What do we do?": "Roll back checkout.", **values})
    return view.submit()


def held(ops: Ops, act: Callable[[], object]) -> list[dict[str, Any]]:
    """Do something whose events stay under way, and return them as they were sent."""
    before = len(ops.driver.deliveries())
    ops.driver.deliver_events(drop=True)
    act()
    ops.driver.heal()
    return [each["payload"] for each in ops.driver.deliveries()[before:]]


def bring(ops: Ops, payload: dict[str, Any]) -> int:
    """Bring one event to the bot, and return the status of its answer."""
    body, headers = signed(ops.sandbox.signing_secret, Parcel("events_api", payload))
    return ops._deliver(body, headers)[0]  # noqa: SLF001 - as the sandbox does
