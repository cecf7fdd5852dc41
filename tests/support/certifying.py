"""An entry that is due, and its certification."""

from datetime import timedelta

from sandbox.persons import PersonDriver
from sandbox.seen import Message
from storage.verdicts import GivenVerdict
from tests.support.entries import entry
from tests.support.ops import Ops
from tests.support.recording import saved

TITLE = "Roll back on checkout errors"


def due(ops: Ops, backup: PersonDriver | None = None) -> None:
    """Record DEC-1 for ana, and let it be due for a day."""
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": TITLE, "What do we do?": "We roll back."})
    if backup:
        view.choose("Backup", backup)
    saved(ops, view)
    ops.clock.time += timedelta(days=91)


def verdicts(ops: Ops) -> list[GivenVerdict]:
    with ops.store.read(ops.team) as tx:
        return tx.verdicts.of(entry(ops).id)


def asked(ops: Ops, person: PersonDriver, key: str = "") -> Message:
    found = person.slash(ops.ops, f"/lore review {key}").message
    assert found is not None
    return found
