"""Files that messages share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sandbox.errors import ActionRefusedError
from sandbox.files import File
from sandbox.model import Channel, Json, Message
from sandbox.workspace import Workspace


def new_file(workspace: Workspace, user: str, name: str, length: int) -> File:
    """Announce a file of `length` bytes and return it."""
    created = int(workspace.clock.seconds())
    return File(workspace.new_id("F"), name, user, workspace.team_id, created, length)


def share(workspace: Workspace, message: Message, files: Sequence[str]) -> None:
    """Attach files of its author, by their ids, to a message that isn't posted yet.

    Raises:
        ActionRefusedError: a file doesn't exist, or belongs to someone else.
    """
    stored = [workspace.files.find(file_id) for file_id in files]
    mine = [file for file in stored if file is not None and file.user == message.user]
    if len(mine) != len(files):
        raise ActionRefusedError("one shares files that one has uploaded")
    if mine:
        message.subtype = "file_share"
        about = [workspace.files.as_file(file) for file in mine]
        message.extra |= {"files": about, "upload": True, "display_as_bot": False}


def attach(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Record the files that a new message shares, and send `file_shared` for each."""
    for each in message.extra.get("files", []):
        file = workspace.files.find(each["id"])
        if file is not None:
            file.shares.append(message)
            event = {"type": "file_shared", "channel_id": channel.id, "file_id": file.id}
            about = {"user_id": message.user, "file": {"id": file.id}}
            workspace.publish(event | about, channel)


def shares(workspace: Workspace, file: File) -> Iterator[tuple[Channel, Message]]:
    """Yield the messages that share a file, with their channels."""
    for message in file.shares:
        channel = workspace.channels.get(message.channel)
        if channel is not None and channel.messages.get(message.ts) is message:
            yield channel, message


def sees_file(workspace: Workspace, user: str, file: File) -> bool:
    """Return whether a user may open a file: its owner, and everyone who sees a message with it.

    The app's own files are open to everyone, because its blocks may show them anywhere.
    """
    bot = workspace.bot.id
    if file.user == user or (file.user == bot and user in workspace.people):
        return True
    where = [channel for channel, _ in shares(workspace, file)]
    if user == bot:
        return any(bot in channel.members for channel in where)
    return user in workspace.people and any(workspace.sees(user, channel) for channel in where)


def full_file(workspace: Workspace, file: File) -> Json:
    """Return Slack's file object with the messages in which it is shared."""
    by_kind: dict[str, dict[str, list[Json]]] = {"public": {}, "private": {}}
    ids: dict[str, list[str]] = {"channel": [], "group": [], "im": []}
    for channel, message in shares(workspace, file):
        about = {"ts": message.ts, "channel_name": channel.name, "team_id": file.team}
        by_kind["private" if channel.private else "public"].setdefault(channel.id, []).append(about)
        if channel.id not in ids[channel.kind]:
            ids[channel.kind].append(channel.id)
    return workspace.files.as_file(file) | {
        "is_public": bool(ids["channel"]),
        "shares": {kind: places for kind, places in by_kind.items() if places},
        "channels": ids["channel"],
        "groups": ids["group"],
        "ims": ids["im"],
    }
