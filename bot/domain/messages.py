"""A chat message as it arrives, and what Opslore stores of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.entries import ChannelId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """A chat message and the speech act that it reads like.

    `consider`: a masked excerpt and its terms, if the message has to be considered for a prompt or
    a gap. None for most messages, which have no speech act; none of their text is stored.
    """

    channel: ChannelId
    ts: str
    at: datetime
    user: UserId
    act: str
    score: float
    thread_ts: str | None = None
    consider: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTime:
    """When a message was edited.

    `ts` may be in whole seconds; `event_ts` orders two edits within one second.
    """

    ts: str
    event_ts: str
