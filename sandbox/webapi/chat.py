"""chat: posting, changing and deleting messages."""

from __future__ import annotations

import copy
import json

from sandbox import messages
from sandbox.autoparse import make_live
from sandbox.blockkit import check_message
from sandbox.errors import SlackError
from sandbox.model import Channel, Json, Message
from sandbox.state import name_parts
from sandbox.webapi.method import Call, Method
from sandbox.workspace import Workspace

# docs.slack.dev, chat.postMessage: a longer text is truncated.
LONGEST_TEXT = 40_000
# The limit in bytes. Slack publishes none; apps stay below this.
METADATA_BYTES = 16_000


def bot_message(workspace: Workspace, channel: Channel, given: Json) -> Message:
    """Return a checked message of the app's bot, not yet posted.

    Raises:
        SlackError: a fault of its text or blocks.
    """
    check_message(given)
    _check_images(workspace, given)
    text = str(given.get("text") or "")[:LONGEST_TEXT]
    blocks: list[Json] = copy.deepcopy(given.get("blocks") or [])
    name_parts(blocks, workspace)
    make_live(blocks, workspace)
    attachments = _attachments(workspace, given)
    bot = workspace.bot
    return Message(
        ts=workspace.clock.ts(),
        channel=channel.id,
        user=bot.id,
        text=text,
        team=workspace.team_id,
        blocks=blocks,
        attachments=attachments,
        bot_id=bot.bot_id,
        app_id=workspace.app_id,
        bot_profile={
            "id": bot.bot_id,
            "app_id": workspace.app_id,
            "name": bot.real_name,
            "deleted": False,
            "team_id": workspace.team_id,
        },
    )


def _attachments(workspace: Workspace, given: Json) -> list[Json]:
    """Return the attachments of a message with the ids that Slack gives them."""
    attachments: list[Json] = copy.deepcopy(given.get("attachments") or [])
    for number, each in enumerate(attachments, 1):
        each["id"] = number
        each.setdefault("fallback", each.get("title") or "[no preview available]")
        name_parts(each.get("blocks") or [], workspace)
        make_live(each.get("blocks") or [], workspace)
    return attachments


def _check_images(workspace: Workspace, given: Json) -> None:
    """Refuse images of files that don't exist or aren't completely uploaded."""
    for part in ("blocks", "attachments"):
        if faults := list(workspace.files.against_images(given.get(part), f"/{part}")):
            raise SlackError(f"invalid_{part}", faults)


def _place(call: Call) -> Channel:
    """Return the channel for a message: one that the bot is in, or a user's direct messages."""
    name = call.required("channel")
    if name in call.workspace.people:
        return call.workspace.direct(name)
    channel = call.joined()
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def thread_root(call: Call, channel: Channel) -> str | None:
    """Return the root of the thread to post in, even if `thread_ts` is that of a reply."""
    ts = call.text("thread_ts")
    if not ts:
        return None
    parent = channel.messages.get(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.root


def _metadata(call: Call) -> Json | None:
    metadata = call.args.get("metadata")
    if metadata is None or metadata == "":
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not event_type or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return dict(metadata)


def post_message(call: Call) -> Json:
    """chat.postMessage."""
    channel = _place(call)
    message = bot_message(call.workspace, channel, call.args)
    message.thread_ts = thread_root(call, channel)
    message.metadata = _metadata(call)
    if message.thread_ts and call.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    messages.post(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_message()}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral."""
    name = call.required("user")
    channel = _place(call)
    person = call.workspace.people.get(name)
    if person is None or person.deleted or name not in channel.members:
        raise SlackError("user_not_in_channel")
    message = bot_message(call.workspace, channel, call.args)
    message.thread_ts = thread_root(call, channel)
    message.to = name
    channel.whisper(message)
    return {"message_ts": message.ts}


def _own(call: Call, refused: str) -> tuple[Channel, Message]:
    channel = call.conversation()
    message = call.message(channel, "ts")
    if message.user != call.workspace.bot.id or message.subtype in ("tombstone", "channel_join"):
        raise SlackError(refused)
    return channel, message


def update(call: Call) -> Json:
    """chat.update."""
    channel, message = _own(call, "cant_update_message")
    if channel.archived:
        raise SlackError("is_archived")
    check_message(call.args, edited=True)
    fresh = bot_message(call.workspace, channel, call.args)
    metadata = _metadata(call)

    def to(old: Message) -> None:
        old.earlier = old.every_block
        old.text = fresh.text
        old.blocks = fresh.blocks
        old.attachments = fresh.attachments
        old.metadata = metadata if metadata is not None else old.metadata
        old.edited = {"user": old.user, "ts": fresh.ts}
        old.values = {}

    messages.change(call.workspace, channel, message, to)
    answer = {"channel": channel.id, "ts": message.ts, "text": message.text}
    return answer | {"message": message.as_message()}


def delete(call: Call) -> Json:
    """chat.delete."""
    channel, message = _own(call, "cant_delete_message")
    messages.remove(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink."""
    call.required("message_ts")
    channel = call.conversation()
    message = call.message(channel, "message_ts")
    return {"channel": channel.id, "permalink": call.workspace.permalink(channel, message)}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
}
