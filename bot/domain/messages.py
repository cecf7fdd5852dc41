"""A message as it arrives: what is kept of it to deal with it once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.entries import ChannelId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A chat message, by its channel and timestamp, and what it reads like.

    `consider`: what waits to be considered of it, a masked excerpt and its terms; None for the most
    messages, which read like no act, and of which nothing that was said is kept.
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
class Edited:
    """When a message was edited: a later edit is a greater one.

    `ts` may tell whole seconds only; of two edits within one, the time of the event decides.
    """

    ts: str
    event_ts: str
