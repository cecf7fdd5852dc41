"""Editing an entry from its card."""

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.ops import Ops


def edit(ops: Ops, person: PersonDriver, key: str = "DEC-1") -> View:
    view = person.slash(ops.ops, f"/lore edit {key}").view
    assert view is not None
    return view


def card(ops: Ops, key: str = "DEC-1") -> Message:
    found = [m for m in ops.driver.messages(ops.ops) if m.words().startswith(f"{key}  ")]
    assert len(found) == 1
    return found[0]
