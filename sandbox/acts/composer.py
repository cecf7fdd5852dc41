"""The page's composer: messages and commands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sandbox import markup
from sandbox.acts.clicks import Clicks
from sandbox.acts.places import Places
from sandbox.acts.talk import Talk
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.model import SLACKBOT, Message

# "/lore find x" is a command; "/etc/hosts is gone" and "/ is full" are text.
_COMMAND = re.compile(r"/[\w-]+(?=\s|$)")
# Slack's own command that apps tell people to use.
_INVITE = "/invite"
_MENTION = re.compile(r"<@(\w+)>")


class Composer:
    """Sends messages, runs commands, and reports commands that failed."""

    def __init__(
        self, installation: Installation, talk: Talk, clicks: Clicks, places: Places
    ) -> None:
        self._installation = installation
        self._talk = talk
        self._clicks = clicks
        self._places = places

    def send(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread: str | None = None,
        broadcast: bool = False,
        files: Sequence[str] = (),
    ) -> bool:
        """Post a message or run a command; return False if a command failed.

        With `files`, ids of the person's uploads, it is always a message. If a command fails,
        Slackbot says why in an ephemeral message, in Slack's words.

        Raises:
            ActionRefusedError: as `Talk.say`.
        """
        command = None if files else _COMMAND.match(text)
        if command is None:
            self._talk.post(user, channel, text, thread=thread, broadcast=broadcast, files=files)
            return True
        why = self._run(user, channel, text, command[0], thread)
        if why is not None:
            self._whisper(user, channel, why, thread)
        return why is None

    def _run(self, user: str, channel: str, line: str, name: str, thread: str | None) -> str | None:
        """Run a command and return why it failed; None if the app acknowledged it."""
        if name not in {_INVITE, *self._installation.workspace.manifest.commands}:
            return f"`{name}` is not a valid command."
        if thread is not None:
            return f"{name} is not supported in threads. Sorry!"
        if name == _INVITE:
            return self._invite(user, channel, line.removeprefix(name))
        try:
            error = self._clicks.slash(user, channel, line, seconds=0.0)["error"]
        except ActionRefusedError as refused:
            return str(refused)
        return None if error is None else f'{name} failed with the error "{error}"'

    def _invite(self, user: str, channel: str, rest: str) -> str | None:
        workspace = self._installation.workspace
        with workspace.lock:
            invited = _MENTION.findall(markup.typed(rest, workspace.names))
            there = [f"<@{each}>" for each in invited if each in workspace.channel(channel).members]
        if not invited:
            return f"Mention the people to invite: `{_INVITE} @name`."
        if there:
            return f"{', '.join(there)} is already in this channel."
        for each in invited:
            self._places.invite(channel, each, by=user)
        return None

    def _whisper(self, user: str, channel: str, text: str, thread: str | None) -> None:
        workspace = self._installation.workspace
        with workspace.lock:
            person, place = workspace.person(user), workspace.channel(channel)
            place.whisper(
                Message(
                    ts=workspace.clock.ts(),
                    channel=place.id,
                    user=SLACKBOT,
                    text=text,
                    team=workspace.team_id,
                    thread_ts=thread,
                    to=person.id,
                )
            )
