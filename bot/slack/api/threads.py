"""Reading a thread that a person wants to record."""

import logging
import re
import time
from collections.abc import Iterable, Mapping
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

# Slack didn't answer, or the answer can't be read.
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
    """Return the thread of the message `ts`, as plain text.

    `me` is the bot; the request to record isn't part of the text. `known` is the message, if the
    payload has it. If Slack doesn't answer in time, the thread is only that, and incomplete.
    """
    root = optional(known, "thread_ts") or ts
    try:
        messages, more = _read(client, channel, root, limits)
    except _SILENT as error:
        log.warning("thread_not_read", extra={"channel": channel, "why": type(error).__name__})
        return Thread(
            channel=channel,
            ts=root,
            messages=_said([known] if known else [], me),
            is_complete=False,
        )
    first = len(messages) if more else None
    # A deleted root with replies becomes a tombstone, with a text by Slack.
    left = [message for message in messages if message.get("subtype") != "tombstone"]
    said = _said(left, me)
    has_root = any(message["ts"] == root for message in left)
    is_gone = not (said or has_root)
    return Thread(channel=channel, ts=root, messages=said, gone=is_gone, first=first)


def read_threads(
    client: WebClient,
    roots: Iterable[tuple[ChannelId, str]],
    *,
    me: UserId,
    limits: ThreadLimits,
) -> list[Thread]:
    """Return the threads with these roots, as far as Slack returns them in time.

    A thread that isn't returned, or whose messages were deleted, is left out.
    """
    start, threads = time.monotonic(), []
    for channel, root in roots:
        if time.monotonic() - start >= limits.pages_seconds:
            break
        thread = read_thread(client, channel, root, me=me, limits=limits)
        if thread.is_complete and thread.messages:
            threads.append(thread)
    return threads


def root_of(client: WebClient, channel: ChannelId, ts: str, limits: ThreadLimits) -> str:
    """Return the root of a message's thread; the message itself if Slack doesn't answer.

    A reaction event has no thread. `conversations.replies` with a reply's timestamp returns that
    reply, which has the timestamp of its root.
    """
    try:
        messages, _ = _page(client, channel, ts, limits=replace(limits, page_messages=1))
    except _SILENT:
        return ts
    return str(messages[0].get("thread_ts") or ts) if messages else ts


def _read(client: WebClient, channel: str, ts: str, limits: ThreadLimits) -> tuple[_Messages, bool]:
    """Return the first messages of a thread, and whether there are more."""
    start, cursor = time.monotonic(), ""
    messages: dict[str, Mapping[str, Any]] = {}
    while True:
        try:
            page, cursor = _page(client, channel, ts, limits=limits, cursor=cursor)
        except _SILENT as error:
            if not messages:
                raise
            log.warning("thread_cut", extra={"channel": channel, "why": type(error).__name__})
            break
        # By timestamp, because Slack may repeat the root on a later page.
        messages |= {needed(message, "ts"): message for message in page}
        is_late = time.monotonic() - start >= limits.pages_seconds
        if not cursor or len(messages) >= limits.messages or is_late:
            break
    return list(messages.values()), bool(cursor)


def _page(
    client: WebClient, channel: str, ts: str, *, limits: ThreadLimits, cursor: str = ""
) -> tuple[_Messages, str]:
    """Return a page of a thread, and the cursor of the next page; "" after the last."""
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
