"""Threads in which the same matter comes up again, and the list of gaps."""

from datetime import timedelta

from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.support.ops import Ops
from tests.support.prompting import settle

DISK = (
    "What do we do when the disk of the build server is full?",
    "The build server disk is full again, what do we do?",
    "Who knows what we do when the build server disk is full?",
    "What do we do when the build server disk is full?",
)
DISK_TITLE = "Build server disk is full"
MAIL = (
    "How do we rotate the certificate of the mail relay?",
    "The certificate of the mail relay expires, how do we rotate it?",
)
MAIL_TITLE = "How to rotate the certificate of the mail relay"
# None of them states a rule so clearly that its author is prompted the first time.
CLEANED = "Same as last time: delete the oldest artefacts in /var/build, then restart the agent."
ROTATED = "You request the new certificate with certbot and reload postfix on the mail relay."


def ask(
    ops: Ops,
    *texts: str,
    by: PersonDriver | None = None,
    answerer: PersonDriver | None = None,
    channel: Channel | str | None = None,
) -> list[str]:
    """Let someone ask on a day each, and someone answer; return the questions' timestamps."""
    said = []
    for text in texts:
        answer = ROTATED if text in MAIL else CLEANED
        said.append(ask_once(ops, text, by=by, answer=answer, answerer=answerer, channel=channel))
        ops.clock.time += timedelta(days=1)
    return said


def ask_once(
    ops: Ops,
    text: str,
    *,
    by: PersonDriver | None = None,
    answer: str = "",
    answerer: PersonDriver | None = None,
    channel: Channel | str | None = None,
) -> str:
    """Let someone ask, and someone else answer if there is an answer; the thread settles."""
    where = channel or ops.ops
    ts = (by or ops.ben).say(where, text)
    ops.drain()
    if answer:
        ops.clock.time += timedelta(minutes=2)
        (answerer or ops.cleo).say(where, answer, thread=ts)
    settle(ops)
    return ts


def gaps(ops: Ops, person: PersonDriver | None = None) -> Message:
    found = (person or ops.ana).slash(ops.ops, "/lore gaps").message
    assert found is not None
    return found
