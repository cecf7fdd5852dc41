"""Posts of the app to a response URL."""

from __future__ import annotations

import copy

from sandbox import messages
from sandbox.installation import Installation
from sandbox.model import Json, Message
from sandbox.permissions import ResponseUrl
from sandbox.webapi.chat import bot_message


def respond(installation: Installation, name: str, body: Json) -> None:
    """Use a response URL and do what the post asks.

    Raises:
        SlackError: `expired_url`, `used_url`, or a fault of the message.
    """
    with installation.workspace.lock:
        url = installation.permissions.use(name)
        show(installation, url, body)


def show(installation: Installation, url: ResponseUrl, body: Json) -> None:
    """Do what the body of a response asks: delete or replace a message, or post a new one.

    Deleting and replacing apply to the message whose button was pressed. A command has no such
    message, so Slack posts a new one.
    """
    workspace = installation.workspace
    channel = workspace.channels[url.channel]
    original = url.on
    if original is not None and body.get("delete_original"):
        if original.to is None:
            messages.remove(workspace, channel, original)
        else:
            channel.hush(original)
        return
    fresh = bot_message(workspace, channel, body)
    if original is not None and body.get("replace_original"):
        if original.to is None:
            messages.change(workspace, channel, original, lambda old: _replace(old, fresh))
        else:
            _replace(original, fresh)
        return
    fresh.answers = url.id
    fresh.thread_ts = str(body.get("thread_ts") or url.thread_ts or "") or None
    if body.get("response_type") == "in_channel":
        messages.post(workspace, channel, fresh)
    else:
        fresh.to = url.user
        channel.whisper(fresh)


def _replace(old: Message, fresh: Message) -> None:
    old.earlier = old.every_block
    old.text = fresh.text
    old.blocks = copy.deepcopy(fresh.blocks)
    old.attachments = fresh.attachments
    old.values = {}
    old.changed()
    if old.to is None:
        old.edited = {"user": old.user, "ts": fresh.ts}
