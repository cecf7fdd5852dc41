"""How long the bot waits for Slack and for its database."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLimits:
    """How much of a thread is read, and how long that may take.

    All of it is read, masked and shown before the trigger of the form expires, 3 seconds after the
    click.
    """

    # Slack recommends at most 200 messages a page (docs.slack.dev, conversations.replies).
    page_messages: int = 200
    messages: int = 1000
    # One call for one page.
    page_seconds: float = 1.0
    # Ask for no further page after this time.
    pages_seconds: float = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long the bot waits. Tests pass longer times, because a busy machine is slow.

    Slack waits 3 seconds for an acknowledgement. Everything that precedes it has to fit into them.
    """

    # A call that no one waits for, such as one of the outbox.
    call_seconds: float = 10.0
    # A lookup while a person waits for an answer.
    lookup_seconds: float = 2.0
    # All calls before an acknowledgement. The rest of the 3 seconds is for storing the outcome.
    ack_seconds: float = 2.5
    # A command that takes longer is acknowledged and answered later, at its response_url.
    command_seconds: float = 2.2
    # An answer at a response_url.
    response_seconds: float = 2.0
    thread: ThreadLimits = ThreadLimits()
    # Getting a lock of the database, or a connection to it.
    lock_seconds: float = 2.0
    # A statement of a person's request. One that takes longer is stuck, not slow.
    statement_seconds: float = 10.0
    # The time between two statements of a transaction, in which Slack is never called. A process
    # that takes longer is frozen or gone, and others would wait for its locks.
    idle_seconds: float = 3.0
    # The time between two look-ups of a background job, after a first burst: `users.conversations`
    # allows 20 to 50 calls a minute, and most are left for people who are waiting.
    lookup_pause: float = 4.0
    # The time between two pages of a channel's members, after a first burst:
    # `conversations.members` allows 100 calls a minute, each of up to 1,000 people.
    members_pause: float = 1.0
    # A sender that hasn't reported back after this time is taken for dead, and another takes over.
    lease: timedelta = timedelta(seconds=60)
    # One call to Slack takes no longer: `call_seconds` to connect and as long for the answer.
    longest_call: timedelta = timedelta(seconds=20)
