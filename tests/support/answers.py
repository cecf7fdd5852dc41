"""What a person is answered."""

from sandbox.persons import PersonDriver
from tests.support.ops import Ops


def told(ops: Ops) -> str:
    """What ben was last told, by message or by a modal on top."""
    ops.drain()
    view = ops.ben.view
    if view is not None and view.title == "Opslore":
        return view.words()
    return ops.ben.ephemerals(ops.ops)[-1].words()


def heard(ops: Ops, person: PersonDriver) -> str:
    ops.drain()
    return person.ephemerals(ops.ops)[-1].words()
