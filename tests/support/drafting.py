"""Entries that wait for approval as drafts."""

from sandbox.seen import Message
from tests.support.ops import Ops

TITLE = "Roll back"


def drafted(ops: Ops) -> Message:
    """Let ana record a decision, and return its card."""
    ops.draft(ops.ana, TITLE, "We roll back.")
    return card(ops)


def card(ops: Ops) -> Message:
    """The only card of DEC-1 in the channel, as it is now."""
    said = ops.driver.messages(ops.ops)
    [found] = [m for m in said if m.text.startswith("DEC-1@") and " is in force: " not in m.text]
    return found
