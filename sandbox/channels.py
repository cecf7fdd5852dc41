"""Changes of channels and people, such as joining or archiving, and their events."""

from __future__ import annotations

from sandbox.errors import ActionRefusedError
from sandbox.messages import post
from sandbox.model import Channel, Json, Message
from sandbox.workspace import Workspace

_OTHER_TEAM = "T0PARTNERS"


def join(workspace: Workspace, channel: Channel, user: str, inviter: str | None = None) -> None:
    """Add a member. The app gets an event if its bot is in the channel or is the new member."""
    if user in channel.members:
        return
    channel.members[user] = None
    event: Json = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.private else "C",
        "team": workspace.people[user].team_id,
    }
    workspace.publish(event | ({"inviter": inviter} if inviter else {}), channel)
    _note(workspace, channel, user, "joined", {"inviter": inviter} if inviter else {})


def leave(workspace: Workspace, channel: Channel, user: str) -> None:
    """Remove a member. When the bot leaves, the app gets channel_left or group_left."""
    if user not in channel.members:
        return
    _note(workspace, channel, user, "left", {})
    event: Json = {
        "type": "member_left_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.private else "C",
        "team": workspace.people[user].team_id,
    }
    workspace.publish(event, channel)
    del channel.members[user]
    if user == workspace.bot.id:
        gone = {"type": f"{channel.kind}_left", "channel": channel.id, "actor_id": channel.creator}
        workspace.publish(gone, None)


def _note(workspace: Workspace, channel: Channel, user: str, verb: str, extra: Json) -> None:
    """Post Slack's own line in the channel."""
    word = {"joined": "join", "left": "leave"}[verb]
    message = Message(
        ts=workspace.clock.ts(),
        channel=channel.id,
        user=user,
        text=f"<@{user}> has {verb} the channel",
        team=workspace.people[user].team_id,
        subtype=f"{'group' if channel.private else 'channel'}_{word}",
        extra=extra,
    )
    post(workspace, channel, message)


def archive(workspace: Workspace, channel: Channel, user: str, *, archived: bool) -> None:
    """Archive or unarchive a channel."""
    channel.archived = archived
    verb = "archive" if archived else "unarchive"
    event = {"type": f"{channel.kind}_{verb}", "channel": channel.id, "user": user}
    workspace.publish(event, channel)


def delete(workspace: Workspace, channel: Channel, user: str) -> None:
    """Delete a channel with everything in it."""
    event = {"type": f"{channel.kind}_deleted", "channel": channel.id, "actor_id": user}
    workspace.publish(event, channel)
    del workspace.channels[channel.id]


def rename(workspace: Workspace, channel: Channel, name: str) -> None:
    """Rename a channel."""
    channel.name = name
    about = {"id": channel.id, "name": name, "created": channel.created}
    workspace.publish({"type": f"{channel.kind}_rename", "channel": about}, channel)


def change_id(workspace: Workspace, channel: Channel) -> str:
    """Give a channel another id, as sharing with another organisation does; return the new one."""
    old = channel.id
    new = workspace.new_id("C", channel.name)
    del workspace.channels[old]
    channel.id = new
    workspace.channels[new] = channel
    for message in [*channel.messages.values(), *channel.ephemerals]:
        message.channel = new
    event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}
    workspace.publish(event, channel)
    return new


def convert_to_private(workspace: Workspace, channel: Channel, user: str) -> None:
    """Make a public channel private. Its id and members stay, and Slack posts a line about it.

    Raises:
        ActionRefusedError: it is not a public channel.
    """
    if channel.kind != "channel":
        raise ActionRefusedError("only a public channel can be made private")
    channel.kind = "group"
    message = Message(
        ts=workspace.clock.ts(),
        channel=channel.id,
        user=user,
        text="made this channel *private*. Now, it can only be viewed or joined by invitation.",
        team=workspace.people[user].team_id,
        subtype="channel_convert_to_private",
    )
    post(workspace, channel, message)


def share(workspace: Workspace, channel: Channel) -> None:
    """Share a channel with another organisation; no single member can do this."""
    channel.shared = True
    event = {"type": "channel_shared", "connected_team_id": _OTHER_TEAM, "channel": channel.id}
    workspace.publish(event, channel)


def deactivate(workspace: Workspace, user: str) -> None:
    """Deactivate a person, who leaves every channel without events for it."""
    person = workspace.people[user]
    person.deleted = True
    now = workspace.clock.seconds()
    person.updated = int(now)
    for channel in workspace.channels.values():
        if channel.kind != "im":
            channel.members.pop(user, None)
    workspace.publish({"type": "user_change", "user": person.as_user(now)}, None)


def reactivate(workspace: Workspace, user: str) -> None:
    """Reactivate a person; they have to join channels again."""
    person = workspace.people[user]
    person.deleted = False
    now = workspace.clock.seconds()
    person.updated = int(now)
    workspace.publish({"type": "user_change", "user": person.as_user(now)}, None)


def change_role(workspace: Workspace, user: str, *, guest: bool, admin: bool) -> None:
    """Make a person a guest, a full member or an admin; they stay in their channels."""
    person = workspace.people[user]
    person.guest, person.admin = guest, admin
    now = workspace.clock.seconds()
    person.updated = int(now)
    workspace.publish({"type": "user_change", "user": person.as_user(now)}, None)


def uninstall(workspace: Workspace) -> None:
    """Remove the app: its tokens are revoked and its bot leaves."""
    workspace.installed = False
    revoked: Json = {"oauth": [], "bot": [workspace.bot.id]}
    workspace.publish({"type": "tokens_revoked", "tokens": revoked}, None)
    workspace.publish({"type": "app_uninstalled"}, None)
    for channel in workspace.channels.values():
        channel.members.pop(workspace.bot.id, None)
