"""reactions: adding and removing the bot's, and listing a message's."""

from __future__ import annotations

import re

from sandbox import messages
from sandbox.errors import SlackError
from sandbox.model import Channel, Json, Message
from sandbox.webapi.method import Call, Method

# A name has no colons, and may have a skin tone.
_NAME = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")


def add(call: Call) -> Json:
    """reactions.add."""
    if not _react(call, take=False):
        raise SlackError("already_reacted")
    return {}


def remove(call: Call) -> Json:
    """reactions.remove."""
    if not _react(call, take=True):
        raise SlackError("no_reaction")
    return {}


def get(call: Call) -> Json:
    """reactions.get."""
    channel, message = _item(call)
    permalink = {"permalink": call.workspace.permalink(channel, message)}
    about = channel.full(message) | permalink
    return {"type": "message", "channel": channel.id, "message": about}


def _react(call: Call, *, take: bool) -> bool:
    name = call.text("name")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    channel, message = _item(call)
    if channel.archived:
        raise SlackError("is_archived")
    return messages.react(call.workspace, channel, message, call.workspace.bot.id, name, take=take)


def _item(call: Call) -> tuple[Channel, Message]:
    if not (call.text("channel") and call.text("timestamp")):
        raise SlackError("no_item_specified")
    channel = call.joined()
    return channel, call.message(channel, "timestamp")


METHODS = {
    "reactions.add": Method(add, ("reactions:write",)),
    "reactions.remove": Method(remove, ("reactions:write",)),
    "reactions.get": Method(get, ("reactions:read",)),
}
