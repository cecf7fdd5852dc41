"""conversations: channels, their members and their messages."""

from __future__ import annotations

from sandbox.clock import ts_key
from sandbox.errors import SlackError
from sandbox.model import Channel, Json
from sandbox.webapi.method import Call, Method, by_kind, next_page


def info(call: Call) -> Json:
    """conversations.info."""
    channel = call.conversation()
    return {"channel": _about(call, channel)}


def _about(call: Call, channel: Channel) -> Json:
    about = channel.as_conversation(member=call.workspace.bot.id in channel.members)
    if not call.flag("include_num_members"):
        about.pop("num_members", None)
    return about


def list_(call: Call) -> Json:
    """conversations.list."""
    bot = call.workspace.bot.id
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    names = (call.text("types") or "public_channel").replace(" ", "").split(",")
    kinds_asked = {kinds.get(name) for name in names}
    channels = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds_asked
        and (not channel.private or bot in channel.members)
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    page, cursor = call.page(channels, 100, 999)
    return {"channels": [_about(call, channel) for channel in page]} | next_page(cursor)


def members(call: Call) -> Json:
    """conversations.members."""
    page, cursor = call.page(list(call.conversation().members), 100, 999)
    return {"members": page} | next_page(cursor)


def open_(call: Call) -> Json:
    """conversations.open, of one user."""
    users = [user for user in call.text("users").split(",") if user]
    if len(users) != 1:
        raise SlackError("invalid_arguments", ["[ERROR] exactly one user is supported"])
    return {"channel": {"id": call.workspace.direct(users[0]).id}}


def history(call: Call) -> Json:
    """conversations.history: newest first; of replies, only those also sent to the channel."""
    channel = call.joined()
    timestamps = [
        ts
        for ts in channel.order
        if channel.messages[ts].root == ts or channel.messages[ts].subtype == "thread_broadcast"
    ]
    page, cursor = call.page(_between(call, timestamps)[::-1], 100, 999)
    return _said(call, channel, page, cursor)


def replies(call: Call) -> Json:
    """conversations.replies: the root first, then its replies, oldest first."""
    call.required("ts")
    channel = call.joined()
    message = call.message(channel, "ts", "thread_not_found")
    thread = channel.threads.get(message.ts, [])
    page, cursor = call.page([message.ts, *_between(call, thread)], 1000, 1000)
    return _said(call, channel, page, cursor)


def _said(call: Call, channel: Channel, page: list[str], cursor: str) -> Json:
    everything = call.flag("include_all_metadata")
    said = [channel.full(channel.messages[ts], all_metadata=everything) for ts in page]
    return {"messages": said, "has_more": bool(cursor)} | (next_page(cursor) if cursor else {})


def _between(call: Call, timestamps: list[str]) -> list[str]:
    oldest = ts_key(call.text("oldest") or "0")
    latest = ts_key(call.text("latest") or "99999999999")
    inclusive = call.flag("inclusive")
    return [
        ts
        for ts in timestamps
        if oldest < ts_key(ts) < latest or (inclusive and ts_key(ts) in (oldest, latest))
    ]


METHODS = {
    "conversations.info": Method(info, by_kind("read")),
    "conversations.list": Method(list_, ("channels:read", "groups:read")),
    "conversations.members": Method(members, by_kind("read")),
    "conversations.open": Method(open_, ("im:write",)),
    "conversations.history": Method(history, by_kind("history")),
    "conversations.replies": Method(replies, by_kind("history")),
}
