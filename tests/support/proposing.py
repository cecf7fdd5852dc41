"""Proposing a change and answering it."""

from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.editing import edit
from tests.support.ops import Ops
from tests.support.recording import pressed, saved

RULE = "What do we do?"


def propose(ops: Ops, person: PersonDriver, **fields: str) -> Message:
    """Edit DEC-1 and return the card of what was proposed."""
    view = edit(ops, person)
    assert view.raw["submit"]["text"] == "Propose"
    view.fill({RULE: "We roll back twice.", **fields})
    saved(ops, view)
    return proposed(ops)


def proposed(ops: Ops, at: int = -1) -> Message:
    return [m for m in ops.driver.messages(ops.ops) if " proposes DEC-1@" in m.text][at]


def home(person: PersonDriver) -> str:
    page = person.home()
    assert page is not None
    return page.words()


def press(ops: Ops, person: PersonDriver, label: str, message: Message | None = None) -> None:
    person.press(label, message or proposed(ops))
    ops.drain()


def send_back(ops: Ops, person: PersonDriver, comment: str) -> None:
    view = pressed(person, "Request changes", proposed(ops))
    view.fill({"What should change?": comment})
    assert view.submit() == {}
    ops.drain()
