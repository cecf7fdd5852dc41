"""The events of messages: new ones, edits and deletions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.messages import EditTime
from bot.slack.payloads.fields import ident, mapping, optional, timestamp

# The subtypes of messages that people write; Slack writes all others (docs.slack.dev, message
# event).
_WRITTEN: Final = frozenset({"", "file_share", "thread_broadcast", "me_message"})

# Slack's message in a channel that becomes private (docs.slack.dev, channel_convert_to_private).
MADE_PRIVATE: Final = "channel_convert_to_private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that a person wrote. `text` is as Slack sent it, with escapes and entities."""

    team: TeamId
    channel: ChannelId
    ts: str
    user: UserId
    text: str
    thread_ts: str | None = None
    bot: bool = False

    @classmethod
    def parse(cls, event: Mapping[str, Any], team: TeamId) -> "Message | None":
        """Read a plain message; None for bots, edits, joins and the like."""
        if not is_written(event):
            return None
        ts, thread = (
            timestamp(event, "ts"),
            event.get("thread_ts") and timestamp(event, "thread_ts"),
        )
        return cls(
            team=team,
            channel=ChannelId(ident(event, "channel")),
            ts=ts,
            user=UserId(ident(event, "user")),
            text=optional(event, "text"),
            thread_ts=thread if thread and thread != ts else None,
        )

    @property
    def root(self) -> str:
        """The root of its thread; the message itself if it has no thread."""
        return self.thread_ts or self.ts


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A message whose text changed. `edited` is None if the event has no time of the edit."""

    channel: ChannelId
    ts: str
    text: str
    edited: EditTime | None

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> "Edit | None":
        """Read a `message_changed`; None if the text is the same, as after an unfurl."""
        new, old = mapping(event, "message"), mapping(event, "previous_message")
        if new.get("subtype") == "tombstone" or not new.get("ts"):
            return None
        if old and old.get("text") == new.get("text"):
            return None
        edited_ts, event_ts = optional(mapping(new, "edited"), "ts"), optional(event, "event_ts")
        return cls(
            channel=ChannelId(ident(event, "channel")),
            ts=timestamp(new, "ts"),
            text=optional(new, "text"),
            edited=EditTime(ts=edited_ts, event_ts=event_ts) if edited_ts and event_ts else None,
        )


def is_written(event: Mapping[str, Any]) -> bool:
    """Return whether a person wrote a message: not a bot, and not Slack, as at a join."""
    if event.get("bot_id") or not optional(event, "user"):
        return False
    return optional(event, "subtype") in _WRITTEN


def deleted_ts(event: Mapping[str, Any]) -> str | None:
    """Return the timestamp of a deleted message, from a `message_deleted` or a tombstone."""
    if event.get("subtype") == "message_deleted":
        return timestamp(event, "deleted_ts") if event.get("deleted_ts") else None
    new = mapping(event, "message")
    return timestamp(new, "ts") if new.get("subtype") == "tombstone" else None


def event_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the event in an `event_callback`."""
    return mapping(body, "event")
