"""What must reach someone: written with the fact that causes it, told after commit, tried again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType

from bot.domain.entries import ChannelId, TeamId, UserId

OutboxItemId = NewType("OutboxItemId", int)

# After this long without success nobody waits for the message any more.
GIVE_UP: Final = timedelta(hours=24)
# But what a bot finds after it was away itself is tried this often, however old it is.
FEWEST_TRIES: Final = 8
_LONGEST_PAUSE: Final = timedelta(minutes=10)


class Topic(StrEnum):
    """What is told, which is also which use case builds the message."""

    MESSAGE = "message"  # a message from the chat, to be considered for a prompt or a path
    PROMPT = "prompt"  # ephemeral: this reads like a decision
    OFFER = "offer"  # ephemeral: somebody asked to record a thread; here is the button
    CARD = "card"  # the entry's card, in the thread that it came from
    DIGEST = "digest"  # the weekly digest of a channel
    DIGEST_MORE = "digest_more"  # the rest of a long digest, in its thread
    REFRESH = "refresh"  # a posted message drawn anew in place
    PROPOSAL = "proposal"  # a change that waits for approval, in the home channel of its entry
    PROPOSAL_NEWS = "proposal_news"  # to its author: it needs them, or has ended without them
    TRANSFER = "transfer"  # entries that are to pass to another person, and wait for approval
    TRANSFERRED = "transferred"  # in a home channel: entries that passed to another person
    ANNOUNCEMENT = "announcement"  # a revision that came into force
    WELCOME = "welcome"  # in a channel that the bot was just invited to
    NUDGE = "nudge"  # what waits for a person, in their direct messages
    NOTE = "note"  # ephemeral: an answer or a reason, in plain words


class Fate(StrEnum):
    """How a telling ended, or that it has not."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"  # nobody to tell it to any more; the reason is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One thing to tell. `payload` holds ids and short masked words, never a whole message.

    `attempted_at` is set before Slack is called: a telling that has one and no fate may have
    arrived, and a post is looked for by its metadata before it is posted again. `attempts` counts
    the claims before this one, and `leased_until` is how long this one lasts. `send_until`: what is
    sent to Slack by then arrives before this claim ends; None unless this process claimed it.
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
        """Whether what is sent at this moment arrives before another sender may look for it."""
        return self.send_until is not None and at <= self.send_until


def pause_after(attempts: int) -> timedelta:
    """How long to wait before trying again: 2, 4, 8 … seconds, at most ten minutes."""
    return min(timedelta(seconds=2 ** min(attempts, 12)), _LONGEST_PAUSE)
