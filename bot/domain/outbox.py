"""The outbox: messages stored with the change that causes them, and sent after its commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType

from bot.domain.entries import ChannelId, TeamId, UserId

OutboxItemId = NewType("OutboxItemId", int)

# A message isn't useful any more after this long.
GIVE_UP: Final = timedelta(hours=24)
# An older message still gets this many tries, because the bot itself may have been down.
FEWEST_TRIES: Final = 8
_LONGEST_PAUSE: Final = timedelta(minutes=10)


class Topic(StrEnum):
    """The kinds of outbox items; `bot.outbox.topics` says how each is sent."""

    MESSAGE = "message"  # a message from the chat, to be considered
    THREAD = "thread"  # a thread that may have settled, to be compared with others
    PROMPT = "prompt"  # ephemeral: this came back, or an entry covers it
    QUESTION = "question"  # a question to Opslore, which is answered where it was asked
    ANSWER = "answer"  # the entry that answers a question
    ASK = "ask"  # a question that is passed on to the person who may know the answer
    OFFER = "offer"  # ephemeral: the button to record a thread, for a person who asked for it
    CARD = "card"  # the entry's card, in the thread that it was recorded from
    DIGEST = "digest"  # the weekly digest of a channel
    DIGEST_MORE = "digest_more"  # the rest of a long digest, in its thread
    REFRESH = "refresh"  # redraw posted messages in place
    PROPOSAL = "proposal"  # a proposal's card, in the home channel of its entry
    PROPOSAL_NEWS = (
        "proposal_news"  # a direct message about a proposal, to a person whom it concerns
    )
    TRANSFER = "transfer"  # a transfer of entries that waits for approval
    TRANSFERRED = "transferred"  # in a home channel: entries that were transferred
    ANNOUNCEMENT = "announcement"  # a revision that came into force
    WELCOME = "welcome"  # in a channel that the bot was just invited to
    NUDGE = "nudge"  # a direct message with everything that waits for a person
    NOTE = "note"  # ephemeral: an answer or a reason, in plain words


class Fate(StrEnum):
    """Whether an item is waiting, sent or dropped."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"  # it can't be sent; the reason is stored


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One message to send. `payload` holds IDs and short masked texts, never a whole message.

    `attempted_at` is set before Slack is called. A waiting item that has it may have arrived, so
    the sender looks for the post by its metadata before it posts again. `attempts` counts the
    claims before this one; `leased_until` is when this claim ends. `send_until`: a message that is
    sent by then arrives before the claim ends; None unless this process claimed the item.
    """

    id: OutboxItemId
    team: TeamId
    topic: Topic
    channel: ChannelId
    payload: Mapping[str, Any]
    due_at: datetime
    created_at: datetime
    user: UserId | None = None
    thread_ts: str | None = None
    attempts: int = 0
    attempted_at: datetime | None = None
    leased_until: datetime | None = None
    send_until: datetime | None = None
    fate: Fate = Fate.WAITING
    ts: str | None = None

    def may_be_sent(self, at: datetime) -> bool:
        """Return whether a message sent at this moment arrives before the lease ends."""
        return self.send_until is not None and at <= self.send_until


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait before the next try: 2, 4, 8 … seconds, at most ten minutes."""
    return min(timedelta(seconds=2 ** min(attempts, 12)), _LONGEST_PAUSE)
