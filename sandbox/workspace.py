"""The state of a workspace: its people, channels, files and user groups."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from threading import RLock

from sandbox.changes import Pulse
from sandbox.clock import Clock
from sandbox.errors import ActionRefusedError, SlackError
from sandbox.files import Files
from sandbox.manifest import Manifest
from sandbox.markup import Names
from sandbox.model import SLACKBOT, Channel, Json, Message, Person, Usergroup

# Sends the app an event; the channel decides whether the app may see it.
Publish = Callable[[Json, "Channel | None"], None]


def _nowhere(_event: Json, _channel: Channel | None) -> None:
    """Ignore an event: until the app is installed, there is no one to send it to."""


class Workspace:
    """People and channels of one workspace in which one app is installed.

    Every reader and writer holds `lock`, but never while calling the app.
    """

    def __init__(self, manifest: Manifest, clock: Clock) -> None:
        self.lock = RLock()
        self.manifest = manifest
        self.clock = clock
        self.publish: Publish = _nowhere
        self.pulse = Pulse()
        self.team_id = "T0SANDBOX01"
        self.domain = "sandbox"
        self.app_id = "A0SANDBOX01"
        self.installed = True
        self.files = Files(self.domain)
        self.usergroups: dict[str, Usergroup] = {}
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        # The ts of the first visit, "" before it. Earlier messages count as read.
        self.first_look = ""
        self._count = 0
        bot_id = self.new_id("B", manifest.bot_name)
        self.bot = Person(
            id=self.new_id("U", manifest.bot_name),
            name=manifest.bot_name.lower(),
            real_name=manifest.bot_name,
            team_id=self.team_id,
            bot=True,
            bot_id=bot_id,
        )
        self.people[self.bot.id] = self.bot
        self.people[SLACKBOT] = Person(SLACKBOT, "slackbot", "Slackbot", self.team_id)

    def looked_at(self) -> None:
        """Record a visit: after the first one, new messages are unread."""
        self.first_look = self.first_look or self.clock.ts()

    def new_id(self, prefix: str, name: str = "") -> str:
        """Return a new id like Slack's, with a readable middle: U0ANA000001."""
        self._count += 1
        middle = "".join(re.findall(r"[A-Z0-9]", name.upper()))[:6]
        return f"{prefix}0{middle}{self._count:0{9 - len(middle)}d}"

    def number(self) -> str:
        """Return a short random string for ids that must be unique and hard to guess."""
        return secrets.token_hex(8)

    def add_person(self, name: str, **traits: object) -> Person:
        """Add a user. `traits` are fields of Person; `foreign_team` is another organisation's id.

        Raises:
            ActionRefusedError: the name is taken.
        """
        with self.lock:
            if self.find_user(name):
                raise ActionRefusedError(f"there is already someone called {name}")
            foreign = str(traits.pop("foreign_team", None) or "")
            chosen = str(traits.pop("real_name", None) or f"{name.title()} {name.title()[0]}.")
            person = Person(
                id=self.new_id("U", name),
                name=name,
                real_name=chosen,
                team_id=foreign or self.team_id,
                foreign=bool(foreign),
                updated=int(self.clock.seconds()),
            )
            for key, value in traits.items():
                setattr(person, key, value)
            if person.bot:
                person.bot_id = self.new_id("B", name)
            self.people[person.id] = person
            now = self.clock.seconds()
            self.publish({"type": "team_join", "user": person.as_user(now)}, None)
            return person

    def find_user(self, name: str) -> str | None:
        """Return the id of the user with this id, name or real name."""
        if name in self.people:
            return name
        folded = name.casefold()
        for person in self.people.values():
            if folded in (person.name.casefold(), person.real_name.casefold()):
                return person.id
        return None

    def find_channel(self, name: str) -> Channel | None:
        """Return the channel with this id or name."""
        if name in self.channels:
            return self.channels[name]
        channel_name = name.removeprefix("#")
        for channel in self.channels.values():
            if channel.kind != "im" and channel.name == channel_name:
                return channel
        return None

    @property
    def names(self) -> Names:
        """The look-ups for mentions in typed text."""
        return Names(self.find_user, self._channel_mention, self._group)

    def _group(self, handle: str) -> str | None:
        groups = self.usergroups.values()
        named = (each.id for each in groups if each.handle == handle and not each.disabled)
        return next(named, None)

    def _channel_mention(self, name: str) -> str | None:
        channel = self.find_channel(name)
        if channel is None or channel.kind == "im":
            return None
        return f"<#{channel.id}|{'' if channel.private else channel.name}>"

    def person(self, user: str) -> Person:
        """Return a user by id or name.

        Raises:
            ActionRefusedError: there is none.
        """
        user_id = self.find_user(user)
        if user_id is None:
            raise ActionRefusedError(f"no one here is called {user}")
        return self.people[user_id]

    def channel(self, channel: str) -> Channel:
        """Return a channel by id or name.

        Raises:
            ActionRefusedError: there is none.
        """
        match = self.find_channel(channel)
        if match is None:
            raise ActionRefusedError(f"there is no channel {channel}")
        return match

    def add_channel(self, name: str, *, private: bool, creator: str) -> Channel:
        """Create a public or private channel without members.

        Raises:
            ActionRefusedError: the name is taken.
        """
        with self.lock:
            if self.find_channel(name):
                raise ActionRefusedError(f"there is already a channel #{name}")
            channel = Channel(
                id=self.new_id("C", name),
                name=name,
                kind="group" if private else "channel",
                creator=creator,
                created=int(self.clock.seconds()),
            )
            self.channels[channel.id] = channel
            return channel

    def direct(self, user: str) -> Channel:
        """Return the direct message channel between the app's bot and a user; open it if needed.

        Raises:
            SlackError: `user_not_found`, or `channel_not_found` for someone deactivated or of
                another organisation, `cannot_dm_bot` for a bot.
        """
        with self.lock:
            person = self.people.get(user)
            if person is None:
                raise SlackError("user_not_found")
            if person.bot:
                raise SlackError("cannot_dm_bot")
            if person.deleted or person.stranger:
                raise SlackError("channel_not_found")
            for channel in self.channels.values():
                if channel.kind == "im" and channel.user == user:
                    return channel
            created = int(self.clock.seconds())
            channel = Channel(self.new_id("D", person.name), "", "im", user, created, user)
            channel.members = {user: None, self.bot.id: None}
            self.channels[channel.id] = channel
            return channel

    def sees(self, user: str, channel: Channel) -> bool:
        """Return whether a user can read a channel: as a member, or as a full member if public."""
        person = self.people[user]
        if user in channel.members:
            return True
        outsider = person.guest or person.ultra or person.foreign or person.deleted
        return channel.kind == "channel" and not outsider

    def permalink(self, channel: Channel, message: Message) -> str:
        """Return the address of a message as chat.getPermalink gives it."""
        base = (
            f"https://{self.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
        )
        if message.thread_ts and message.thread_ts != message.ts:
            return f"{base}?thread_ts={message.thread_ts}&cid={channel.id}"
        return base
