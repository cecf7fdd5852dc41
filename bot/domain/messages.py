"""A chat message as it arrives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.entries import ChannelId, UserId

# So many people get their names in a text. Slack may have to be asked about each, while a person
# waits.
MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """A chat message. `text`: what is considered of it, without secrets; None for small talk.

    The text is stored only until the message is considered. `is_question`: see `PostedMessage`.
    """

    channel: ChannelId
    ts: str
    at: datetime
    user: UserId
    thread_ts: str | None = None
    mentions: tuple[UserId, ...] = ()
    text: str | None = None
    is_question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTime:
    """When a message was edited.

    `ts` may be in whole seconds; `event_ts` orders two edits within one second.
    """

    ts: str
    event_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """A message that a person posted in a channel, with its plain text.

    `is_question`: it asks Opslore, which answers it in its thread and so shows its author no entry.
    """

    channel: ChannelId
    ts: str
    thread_ts: str | None
    user: UserId
    text: str
    mentions: tuple[UserId, ...] = ()
    is_question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedMessage:
    """A message as it is after an edit. `edited`: None if Slack doesn't say when."""

    channel: ChannelId
    ts: str
    text: str
    edited: EditTime | None
    mentions: tuple[UserId, ...] = ()
