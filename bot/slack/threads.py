"""Reading a thread that somebody wants recorded."""

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.entries import ChannelId, UserId
from bot.domain.threads import Said, Thread
from bot.slack import mrkdwn
from bot.slack.shape import at, needed, optional

log = logging.getLogger(__name__)

# The first messages, as Slack pages them: they tell what it was about, and in most threads how it
# ended. More would not come and be masked before the 3 seconds of a trigger are over.
_PAGE: Final = 100
_SECONDS: Final = 1


def read_thread(
    client: WebClient,
    channel: ChannelId,
    ts: str,
    *,
    me: UserId,
    known: Mapping[str, Any] | None = None,
) -> Thread:
    """The thread that holds the message `ts`, as people read it.

    `me` is the bot: that it was asked to record is no part of what is recorded.

    `known` is the message itself where the payload brought it: when Slack does not answer in time,
    or the thread is gone, it is all there is, and `whole` is False.
    """
    root = optional(known, "thread_ts") or ts
    try:
        messages = _replies(client, channel, root)
    except (SlackClientError, OSError, ValueError) as error:
        log.warning("thread_not_read", extra={"channel": channel, "why": type(error).__name__})
        return Thread(channel, root, _said([known] if known else [], me), whole=False)
    found = messages or ([known] if known else [])
    said = _said(found, me)
    return Thread(channel, root, said, whole=bool(messages), gone=not said)


def root_of(client: WebClient, channel: ChannelId, ts: str) -> str:
    """The thread that a message is in; the message itself where Slack does not say.

    A reaction names a message and not its thread. `conversations.replies` with a reply's timestamp
    answers with that reply, which names its root.
    """
    try:
        messages = _replies(client, channel, ts, limit=1)
    except (SlackClientError, OSError, ValueError):
        return ts
    return str(messages[0].get("thread_ts") or ts) if messages else ts


def _replies(
    client: WebClient, channel: str, ts: str, limit: int = _PAGE
) -> list[Mapping[str, Any]]:
    fast = WebClient(
        token=client.token, base_url=client.base_url, timeout=_SECONDS, retry_handlers=[]
    )
    try:
        answer = fast.conversations_replies(channel=channel, ts=ts, limit=limit)
    except SlackApiError as error:
        if error.response["error"] == "thread_not_found":
            return []
        raise
    return answer.get("messages") or []


def _said(messages: list[Mapping[str, Any]], me: UserId) -> tuple[Said, ...]:
    asked = re.compile(rf"\s*<@{me}(?:\|[^>]*)?>[\s,:]*(?:record\b[\s.,:!]*)?", re.IGNORECASE)
    found = []
    for message in messages:
        text = asked.sub("", optional(message, "text"), count=1)
        if not text.strip() or not message.get("user") or message.get("bot_id"):
            continue
        ts = needed(message, "ts")
        mentions = tuple(user for user in mrkdwn.mentions(text) if user != me)
        user = UserId(needed(message, "user"))
        found.append(Said(ts, user, mrkdwn.plain(text), mentions, at(ts)))
    return tuple(found)
