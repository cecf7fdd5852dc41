"""Acts on people, channels and user groups."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox import channels, usergroups
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.model import SLACKBOT, Json

FOREIGN_TEAM = "T0FOREIGN01"


class Places:
    """Creates and changes people, channels and user groups.

    Each act waits until the app has acknowledged its events.
    """

    def __init__(self, installation: Installation) -> None:
        self._workspace = installation.workspace
        self._delivery = installation.delivery

    def workspace(self) -> Json:
        """Return the ids of the workspace, of the app and of its bot."""
        workspace = self._workspace
        return {
            "team_id": workspace.team_id,
            "app_id": workspace.app_id,
            "bot_user_id": workspace.bot.id,
            "bot_id": workspace.bot.bot_id,
        }

    def person(
        self,
        name: str,
        *,
        tz: str | None = None,
        guest: bool = False,
        single_channel: bool = False,
        stranger: bool = False,
        foreign: bool = False,
        admin: bool = False,
        bot: bool = False,
    ) -> Json:
        """Add a user and return their id and name."""
        with self._delivery.waited():
            person = self._workspace.add_person(
                name,
                foreign_team=FOREIGN_TEAM if foreign or stranger else None,
                tz=tz or "Europe/Berlin",
                guest=guest,
                ultra=single_channel,
                stranger=stranger,
                admin=admin,
                bot=bot,
            )
        return {"id": person.id, "name": person.name}

    def usergroup(self, name: str, handle: str, members: Sequence[str] = ()) -> Json:
        """Create a user group and return Slack's usergroup object."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            ids = [workspace.person(member).id for member in members]
            return usergroups.create(workspace, name, handle, ids).as_usergroup()

    def usergroup_members(self, usergroup: str, members: Sequence[str]) -> None:
        """Set the members of a user group, by id or handle; an empty group is disabled."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            group = usergroups.find(workspace, usergroup)
            if group is None:
                raise ActionRefusedError(f"there is no group {usergroup}")
            ids = [workspace.person(member).id for member in members]
            if ids:
                usergroups.set_members(workspace, group, ids)
            else:
                usergroups.disable(workspace, group)

    def people(self) -> list[Json]:
        """Return all people as Slack's user objects."""
        with self._workspace.lock:
            now = self._workspace.clock.seconds()
            return [person.as_user(now) for person in self._workspace.people.values()]

    def channel(
        self, name: str, *, private: bool = False, members: Sequence[str] = (), shared: bool = False
    ) -> Json:
        """Create a channel; its first member is its creator. There are no join events."""
        workspace = self._workspace
        with workspace.lock:
            ids = [workspace.person(member).id for member in members]
            creator = ids[0] if ids else SLACKBOT
            channel = workspace.add_channel(name, private=private, creator=creator)
            channel.shared = shared
            channel.members = dict.fromkeys(ids)
            return {"id": channel.id, "name": channel.name}

    def channels(self) -> list[Json]:
        """Return all channels as Slack's conversation objects, with their members."""
        with self._workspace.lock:
            bot = self._workspace.bot.id
            return [
                each.as_conversation(member=bot in each.members) | {"members": list(each.members)}
                for each in self._workspace.channels.values()
            ]

    def invite(self, channel: str, user: str, by: str | None = None) -> None:
        """Add someone to a channel; without `by` they join by themselves."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            inviter = workspace.person(by).id if by else None
            channels.join(workspace, workspace.channel(channel), workspace.person(user).id, inviter)

    def leave(self, channel: str, user: str) -> None:
        """Remove someone from a channel."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            channels.leave(workspace, workspace.channel(channel), workspace.person(user).id)

    def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archive or unarchive a channel."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            place = workspace.channel(channel)
            channels.archive(workspace, place, place.creator, archived=archived)

    def convert_to_private(self, channel: str) -> None:
        """Make a public channel private."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            place = workspace.channel(channel)
            channels.convert_to_private(workspace, place, place.creator)

    def rename(self, channel: str, name: str) -> None:
        """Rename a channel."""
        with self._delivery.waited(), self._workspace.lock:
            channels.rename(self._workspace, self._workspace.channel(channel), name)

    def delete_channel(self, channel: str) -> None:
        """Delete a channel with its messages."""
        with self._delivery.waited(), self._workspace.lock:
            place = self._workspace.channel(channel)
            channels.delete(self._workspace, place, place.creator)

    def change_channel_id(self, channel: str) -> str:
        """Give a channel another id and return it."""
        with self._delivery.waited(), self._workspace.lock:
            return channels.change_id(self._workspace, self._workspace.channel(channel))

    def share_channel(self, channel: str) -> None:
        """Share a channel with another organisation."""
        with self._delivery.waited(), self._workspace.lock:
            channels.share(self._workspace, self._workspace.channel(channel))

    def deactivate(self, user: str) -> None:
        """Deactivate someone."""
        with self._delivery.waited(), self._workspace.lock:
            channels.deactivate(self._workspace, self._workspace.person(user).id)

    def reactivate(self, user: str) -> None:
        """Reactivate someone."""
        with self._delivery.waited(), self._workspace.lock:
            channels.reactivate(self._workspace, self._workspace.person(user).id)

    def change_role(self, user: str, *, guest: bool = False, admin: bool = False) -> None:
        """Make someone a guest, an admin, or neither."""
        with self._delivery.waited(), self._workspace.lock:
            person = self._workspace.person(user)
            channels.change_role(self._workspace, person.id, guest=guest, admin=admin)

    def uninstall(self) -> None:
        """Remove the app from the workspace."""
        with self._delivery.waited(), self._workspace.lock:
            channels.uninstall(self._workspace)
