"""What a person enters in the page's composer: a message, or a command."""

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

# "/lore find x" is a command, "/etc/hosts is gone" and "/ is full" are words.
_COMMAND = re.compile(r"/[\w-]+(?=\s|$)")
# The one command of Slack's own that apps tell people to enter.
_INVITE = "/invite"
_MENTION = re.compile(r"<@(\w+)>")


class Composer:
    """Tells commands from messages, and what became of a command that failed."""

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
        """Post a message, or run a command; False where a command came to nothing.

        With `files`, ids of what the person uploaded before, it is always a message. Why a command
        came to nothing is told by Slackbot to that person alone, in Slack's words.

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
        """Run a command and return what is to be told of it: None when the app took it."""
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
            return f"Whom? Mention them: `{_INVITE} @name`."
        if there:
            return f"{', '.join(there)} is in this channel already."
        for each in invited:
            self._places.invite(channel, each, by=user)
        return None

    def _whisper(self, user: str, channel: str, text: str, thread: str | None) -> None:
        workspace = self._installation.workspace
        with workspace.lock:
            person, found = workspace.person(user), workspace.channel(channel)
            found.whisper(
                Message(
                    ts=workspace.clock.ts(),
                    channel=found.id,
                    user=SLACKBOT,
                    text=text,
                    team=workspace.team_id,
                    thread_ts=thread,
                    to=person.id,
                )
            )
