"""Read the answers that a person got."""

from sandbox.persons import PersonDriver
from tests.support.ops import Ops


def told(ops: Ops) -> str:
    """Return the last answer to ben, in a message or in a modal on top."""
    ops.drain()
    view = ops.ben.view
    if view is not None and view.title == "Opslore":
        return view.words()
    return ops.ben.ephemerals(ops.ops)[-1].words()


def heard(ops: Ops, person: PersonDriver) -> str:
    """Return the last ephemeral message to a person in #ops."""
    ops.drain()
    return person.ephemerals(ops.ops)[-1].words()
