"""Reading a thread that somebody wants recorded."""

import logging
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.entries import ChannelId, UserId
from bot.domain.threads import Thread, ThreadMessage
from bot.domain.timeouts import ThreadLimits
from bot.slack.api.deadline import TimedClient
from bot.slack.payloads.fields import at, mapping, needed, optional
from bot.slack.text import mrkdwn

log = logging.getLogger(__name__)

# Slack gave no answer, or none that can be read.
_SILENT: Final = (SlackClientError, OSError, ValueError)

_Messages = list[Mapping[str, Any]]


def read_thread(
    client: WebClient,
    channel: ChannelId,
    ts: str,
    *,
    me: UserId,
    limits: ThreadLimits,
    known: Mapping[str, Any] | None = None,
) -> Thread:
    """The thread that holds the message `ts`, as people read it.

    `me` is the bot: that it was asked to record is no part of what is recorded.

    `known` is the message itself where the payload brought it: when Slack does not answer in time,
    it is all there is, and `whole` is False.
    """
    root = optional(known, "thread_ts") or ts
    try:
        messages, more = _read(client, channel, root, limits)
    except _SILENT as error:
        log.warning("thread_not_read", extra={"channel": channel, "why": type(error).__name__})
        return Thread(
            channel=channel, ts=root, messages=_said([known] if known else [], me), whole=False
        )
    first = len(messages) if more else None
    # A root that is deleted while it has replies leaves Slack's own words in its place.
    left = [each for each in messages if each.get("subtype") != "tombstone"]
    said = _said(left, me)
    there = any(each["ts"] == root for each in left)
    return Thread(channel=channel, ts=root, messages=said, gone=not (said or there), first=first)


def root_of(client: WebClient, channel: ChannelId, ts: str, limits: ThreadLimits) -> str:
    """The thread that a message is in; the message itself where Slack does not say.

    A reaction names a message and not its thread. `conversations.replies` with a reply's timestamp
    answers with that reply, which names its root.
    """
    try:
        messages, _ = _page(client, channel, ts, limits=replace(limits, page_messages=1))
    except _SILENT:
        return ts
    return str(messages[0].get("thread_ts") or ts) if messages else ts


def _read(client: WebClient, channel: str, ts: str, limits: ThreadLimits) -> tuple[_Messages, bool]:
    """The messages of a thread from its beginning, and whether there are more of them."""
    begun, cursor = time.monotonic(), ""
    found: dict[str, Mapping[str, Any]] = {}
    while True:
        try:
            page, cursor = _page(client, channel, ts, limits=limits, cursor=cursor)
        except _SILENT as error:
            if not found:
                raise
            log.warning("thread_cut", extra={"channel": channel, "why": type(error).__name__})
            break
        # By timestamp, for Slack may begin a later page with the root again.
        found |= {needed(message, "ts"): message for message in page}
        late = time.monotonic() - begun >= limits.pages_seconds
        if not cursor or len(found) >= limits.messages or late:
            break
    return list(found.values()), bool(cursor)


def _page(
    client: WebClient, channel: str, ts: str, *, limits: ThreadLimits, cursor: str = ""
) -> tuple[_Messages, str]:
    """A page of a thread, and the cursor of the next; "" after the last."""
    fast = TimedClient(
        token=client.token, base_url=client.base_url, timeout=limits.page_seconds, retry_handlers=[]
    )
    try:
        answer = fast.conversations_replies(
            channel=channel, ts=ts, limit=limits.page_messages, cursor=cursor or None
        )
    except SlackApiError as error:
        if error.response["error"] == "thread_not_found":
            return [], ""
        raise
    return answer.get("messages") or [], optional(answer.get("response_metadata"), "next_cursor")


def _said(messages: _Messages, me: UserId) -> tuple[ThreadMessage, ...]:
    asked = re.compile(rf"\s*<@{me}(?:\|[^>]*)?>[\s,:]*(?:record\b[\s.,:!]*)?", re.IGNORECASE)
    found = []
    for message in messages:
        text = asked.sub("", optional(message, "text"), count=1)
        if not text.strip() or not message.get("user") or message.get("bot_id"):
            continue
        ts = needed(message, "ts")
        mentions = tuple(user for user in mrkdwn.mentions(text) if user != me)
        user = UserId(needed(message, "user"))
        edited = optional(mapping(message, "edited"), "ts")
        found.append(
            ThreadMessage(
                ts=ts,
                user=user,
                text=mrkdwn.plain(text),
                mentions=mentions,
                at=at(ts),
                edited=edited,
            )
        )
    return tuple(found)
