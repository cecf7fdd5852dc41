"""Posting, editing and deleting messages, with the events that follow."""

from __future__ import annotations

from collections.abc import Callable

from sandbox import events
from sandbox.attachments import attach, shares
from sandbox.files import File
from sandbox.model import SLACKBOT, Channel, Json, Message
from sandbox.rich_text import rich_text
from sandbox.unfurling import tell_of_links
from sandbox.workspace import Workspace


def typed_message(
    workspace: Workspace, channel: Channel, user: str, text: str, **more: object
) -> Message:
    """Return a message as a person's client or another app's bot sends it; `text` is markup.

    `more` are fields of Message, `at` (seconds since 1970) its time.
    """
    at = more.pop("at", None)
    person = workspace.people[user]
    message = Message(
        ts=workspace.clock.ts(float(str(at)) if at is not None else None),
        channel=channel.id,
        user=user,
        text=text,
        team=person.team_id,
        blocks=rich_text(text, workspace.number()[:5]) if text else [],
    )
    if person.bot:
        message.bot_id = person.bot_id
        message.app_id = "A0OTHERAPP1"
    else:
        message.client_msg_id = workspace.number()
    for key, value in more.items():
        setattr(message, key, value)
    return message


def post(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Post a message and send the app its events, including a mention."""
    channel.add(message)
    workspace.publish(events.posted(channel, message), channel)
    if message.user != workspace.bot.id and f"<@{workspace.bot.id}" in message.text:
        _tell_of_mention(workspace, channel, message)
    attach(workspace, channel, message)
    tell_of_links(workspace, channel, message)


def change(
    workspace: Workspace, channel: Channel, message: Message, to: Callable[[Message], None]
) -> None:
    """Change a message with `to` and send the app the event with the earlier version."""
    before = channel.full(message)
    mention = f"<@{workspace.bot.id}"
    mentioned = mention in message.text
    to(message)
    message.changed()
    ts = workspace.clock.ts()
    workspace.publish(events.changed(channel, message, before, ts), channel)
    if message.user != workspace.bot.id and mention in message.text and not mentioned:
        _tell_of_mention(workspace, channel, message)


def _tell_of_mention(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Send the event of a mention; a direct message is no mention (docs.slack.dev, app_mention)."""
    if channel.kind != "im":
        workspace.publish(events.mentioned(channel, message), channel)


def remove(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Delete a message; the root of a thread with replies leaves a tombstone, as in Slack."""
    if channel.threads.get(message.ts):
        change(workspace, channel, message, _bury)
        return
    before = channel.full(message)
    channel.drop(message)
    workspace.publish(events.deleted(channel, before, workspace.clock.ts()), channel)


def remove_file(workspace: Workspace, file: File) -> None:
    """Delete a file, and leave a tombstone in the messages that share it."""

    def to(message: Message) -> None:
        gone = {"id": file.id, "mode": "tombstone"}
        files = message.extra["files"]
        message.extra["files"] = [gone if each["id"] == file.id else each for each in files]

    for channel, message in list(shares(workspace, file)):
        change(workspace, channel, message, to)
    workspace.files.remove(file)
    workspace.publish({"type": "file_deleted", "file_id": file.id}, None)


def _bury(message: Message) -> None:
    message.subtype = "tombstone"
    message.text = "This message was deleted."
    message.user = SLACKBOT
    message.blocks, message.attachments, message.metadata = [], [], None
    message.reactions, message.edited = {}, None
    message.extra = {"hidden": True}


def react(
    workspace: Workspace, channel: Channel, message: Message, user: str, name: str, *, take: bool
) -> bool:
    """Add or remove a reaction; return False if there was nothing to do."""
    users = message.reactions.setdefault(name, [])
    there = user in users
    if there == (not take):
        if not users:
            del message.reactions[name]
        return False
    if take:
        users.remove(user)
        if not users:
            del message.reactions[name]
    else:
        users.append(user)
    message.changed()
    event: Json = {
        "type": "reaction_removed" if take else "reaction_added",
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "item_user": message.user,
    }
    workspace.publish(event, channel)
    return True
