"""Threads in which the same matter comes up again, and the list of gaps."""

from datetime import timedelta

from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.support.ops import Ops

DISK = (
    "What do we do when the disk of the build server is full?",
    "The build server disk is full again, what do we do?",
    "Who knows what we do when the build server disk is full?",
    "Build server disk full: what should we do?",
)
# The title made of the first of these.
DISK_TITLE = "The disk of the build server is full"


def ask(
    ops: Ops, *texts: str, by: PersonDriver | None = None, channel: Channel | None = None
) -> list[str]:
    said = []
    for text in texts:
        said.append((by or ops.ben).say(channel or ops.ops, text))
        ops.drain()
        ops.clock.time += timedelta(hours=1)
    return said


def gaps(ops: Ops, person: PersonDriver | None = None) -> Message:
    found = (person or ops.ana).slash(ops.ops, "/lore gaps").message
    assert found is not None
    return found
