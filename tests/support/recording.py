"""Recording an entry by its form, as a person does."""

from bot.domain.visibility import Person, Reader
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.ops import Ops

ASKED = "Checkout errors are above two percent again after the deploy."
ASKED_TITLE = "Checkout errors are above two percent"
DECIDED = "We decided to roll back whenever checkout errors stay above two percent."
NAMED = "Roll back whenever checkout errors stay above two percent"  # the title made of that
BECAUSE = "Because a fix forward took two hours last time."
TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"  # a made-up token of GitHub's form


def thread(ops: Ops) -> str:
    """Post a thread in which something is decided, and return its root."""
    root = ops.ana.say(ops.ops, ASKED)
    ops.ben.say(ops.ops, DECIDED, thread=root)
    ops.cleo.say(ops.ops, BECAUSE, thread=root)
    ops.drain()
    return root


def shortcut(person: PersonDriver, ops: Ops, ts: str) -> View:
    opened = person.shortcut("Record this thread", ops.ops, ts)
    assert isinstance(opened, View), opened
    return opened


def offer(ops: Ops, person: PersonDriver) -> Message:
    """Return the newest offer to record a thread."""
    ops.drain()
    offered = [e for e in person.ephemerals(ops.ops) if e.buttons() == ["Record this thread"]]
    return offered[-1]


def pressed(person: PersonDriver, label: str, on: Message) -> View:
    opened = person.press(label, on)
    assert isinstance(opened, View), opened
    return opened


def typed(view: View, label: str) -> object:
    """Return the value of the field with that label."""
    [block] = [b for b in view.blocks if b["type"] == "input" and b["label"]["text"] == label]
    [state] = view.values[block["block_id"]].values()
    chosen = state.get("selected_option")
    if chosen is not None:
        return chosen["text"]["text"]
    return next(value for name, value in state.items() if name != "type")


def labels(view: View) -> list[str]:
    return [block["label"]["text"] for block in view.blocks if block["type"] == "input"]


def as_reader(ops: Ops, person: PersonDriver) -> Reader:
    return Reader(person=Person(id=person.id, name=person.name), channels=frozenset({ops.ops.id}))  # type: ignore[arg-type] # Slack's ids


def cards(ops: Ops, root: str) -> list[Message]:
    found = ops.driver.thread(ops.ops, root)
    return [message for message in found if "Use it" in message.buttons()]


def saved(ops: Ops, view: View) -> None:
    assert view.submit() == {}
    ops.drain()


DECISION = [
    "Kind",
    "Title",
    "When does this come up?",
    "What do you need to know first?",
    "What do we do?",
    "Why?",
    "Exceptions",
    "If it fails",
    "Hands over to",
    "Runbook link",
    "Owner",
    "Backup",
    "Review every",
    "Tags",
]
