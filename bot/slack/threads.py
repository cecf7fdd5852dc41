"""Reading a thread that somebody wants recorded."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.entries import ChannelId, UserId
from bot.domain.threads import Said, Thread
from bot.slack import mrkdwn
from bot.slack.payloads import at
from bot.slack.shape import needed, optional

log = logging.getLogger(__name__)

# The first messages tell what it was about and the last how it ended; one page is enough of both,
# and it must come before the 3 seconds of a trigger are over.
_PAGE: Final = 100
_SECONDS: Final = 1


def read_thread(
    client: WebClient, channel: ChannelId, ts: str, *, known: Mapping[str, Any] | None = None
) -> Thread:
    """The thread that holds the message `ts`, as people read it.

    `known` is the message itself where the payload brought it: when Slack does not answer in time,
    or the thread is gone, it is all there is, and `whole` is False.
    """
    root = optional(known, "thread_ts") or ts
    try:
        messages = _replies(client, channel, root)
    except (SlackClientError, OSError, ValueError) as error:
        log.warning("thread_not_read", extra={"channel": channel, "why": type(error).__name__})
        return Thread(channel, root, _said([known] if known else []), whole=False)
    return Thread(
        channel, root, _said(messages or ([known] if known else [])), whole=bool(messages)
    )


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


def _said(messages: list[Mapping[str, Any]]) -> tuple[Said, ...]:
    return tuple(
        Said(
            ts=needed(message, "ts"),
            user=UserId(needed(message, "user")),
            text=mrkdwn.plain(needed(message, "text")),
            mentions=mrkdwn.mentions(needed(message, "text")),
            at=at(needed(message, "ts")),
        )
        for message in messages
        if message.get("user") and not message.get("bot_id") and message.get("text")
    )
