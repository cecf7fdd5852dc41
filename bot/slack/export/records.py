"""One record of an export, as the message that a person wrote."""

import re
from collections.abc import Mapping
from typing import Final

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said
from bot.slack.export.people import MENTIONED, People
from bot.slack.payloads.events import is_written
from bot.slack.payloads.fields import MalformedError, at, mapping, optional, timestamp
from bot.slack.text import mrkdwn

# Characters. A longer text is a log or a paste; its first characters show what it is.
_READ_AT_MOST: Final = 4000
_USER: Final = re.compile(r"[\w.-]{1,64}")
_SLACK_ID: Final = re.compile(r"[UW][A-Z0-9]{5,20}")


def read_record(
    record: object, channel: ChannelId, people: People, channel_names: Mapping[str, str]
) -> Said | None:
    """Return a message as plain text, with people as `@` and their id; None for bots, joins, etc.

    Raises:
        MalformedError: the record doesn't have the form of a message.
    """
    event = mapping(record)
    if optional(event, "type") not in ("", "message"):
        return None
    user = UserId(optional(event, "user"))
    if not is_written(event) or user in people.bots:
        return None
    if not _USER.fullmatch(user):
        raise MalformedError("user isn't an id.")
    ts = timestamp(event, "ts")
    text = mrkdwn.plain(
        optional(event, "text")[: 2 * _READ_AT_MOST],
        lambda ident: channel_names.get(ident, "") or _id(ident, people),
    )[:_READ_AT_MOST]
    return Said(
        channel=channel,
        ts=ts,
        root=timestamp(event, "thread_ts") if event.get("thread_ts") else ts,
        user=user,
        text=text,
        at=at(ts),
        mentions=find_mentions(text, people),
    )


def find_mentions(text: str, people: People) -> tuple[UserId, ...]:
    """Return the people whom a plain text mentions, by id or by handle, in order."""
    found = (
        UserId(word) if _id(word, people) else people.handles.get(word)
        for word in MENTIONED.findall(text)
    )
    return tuple(dict.fromkeys(user for user in found if user))


def _id(word: str, people: People) -> str:
    return word if word in people.names or _SLACK_ID.fullmatch(word) else ""
