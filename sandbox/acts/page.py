"""What the web page shows to the person who is using it."""

from __future__ import annotations

from sandbox.acts import shown
from sandbox.acts.talk import Talk
from sandbox.installation import Installation
from sandbox.model import Channel, Json


class Page:
    """The workspace in one look."""

    def __init__(self, installation: Installation, talk: Talk) -> None:
        self._installation = installation
        self._workspace = installation.workspace
        self._talk = talk

    def state(self, user: str | None = None, channel: str | None = None) -> Json:
        """Return everything that a person sees with a channel open."""
        workspace, views = self._workspace, self._installation.views
        manifest = workspace.manifest
        with workspace.lock:
            now = workspace.clock.seconds()
            people = [person.as_user(now) for person in workspace.people.values()]
            found: Json = {
                "people": people,
                "bot": workspace.bot.id,
                "app": manifest.name,
                "commands": [each.name for each in manifest.commands.values()],
                "shortcuts": [each.name for each in manifest.shortcuts if each.kind == "message"],
                "home_tab": manifest.home_tab,
                "channels": [],
                "messages": [],
                "modal": None,
                "home": None,
            }
            if user not in workspace.people:
                return found
            visible = [each for each in workspace.channels.values() if workspace.sees(user, each)]
            found["channels"] = [self._channel(each) for each in visible]
            if channel in [each.id for each in visible]:
                found["messages"] = self._talk.sees(user, str(channel))
            modal, home = views.current(user), views.homes.get(user)
            found["modal"] = shown.view(workspace, modal) if modal else None
            found["home"] = shown.view(workspace, home) if home else None
        return found

    def _channel(self, channel: Channel) -> Json:
        member = self._workspace.bot.id in channel.members
        about = channel.as_conversation(member=member)
        return about | {"members": list(channel.members), "is_member": member}
