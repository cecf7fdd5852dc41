"""A person of the workspace: what they do and what they see."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.client import Client
from sandbox.forms import SlashAnswer, View, plain
from sandbox.model import Json
from sandbox.seen import Answer, Channel, Message


@dataclass(frozen=True, slots=True)
class PersonDriver:
    """A person of the workspace, or another app's bot."""

    client: Client = field(repr=False, compare=False)
    id: str
    name: str

    def __str__(self) -> str:
        return self.id

    def say(
        self,
        channel: Channel | str,
        text: str,
        *,
        thread: str | Message | None = None,
        at: datetime | None = None,
        files: Sequence[str] = (),
        wait: bool = True,
    ) -> str:
        """Post a message as typed (`@name`, `#channel` are live) and return its ts.

        `files` are ids that `upload` returned. Waits until the app has taken the events or all
        retries have failed; with `wait=False` it returns at once.
        """
        return str(
            self.client.do(
                "talk.say",
                user=self.id,
                channel=str(channel),
                text=text,
                thread=None if thread is None else str(thread),
                at=None if at is None else at.timestamp(),
                files=list(files),
                wait=wait,
            )
        )

    def upload(self, name: str, content: bytes) -> str:
        """Upload a file and return its id. No one else sees it until a message shares it."""
        encoded = base64.b64encode(content).decode()
        return str(self.client.do("files.upload", user=self.id, name=name, content=encoded)["id"])

    def edit(self, channel: Channel | str, ts: str | Message, text: str) -> None:
        """Edit their own message."""
        args = {"user": self.id, "channel": str(channel), "ts": str(ts), "text": text}
        self.client.do("talk.edit", **args)

    def delete(self, channel: Channel | str, ts: str | Message) -> None:
        """Delete their own message."""
        self.client.do("talk.delete", user=self.id, channel=str(channel), ts=str(ts))

    def react(
        self, channel: Channel | str, ts: str | Message, name: str, *, wait: bool = True
    ) -> None:
        """Add a reaction, named with or without colons."""
        args = {"user": self.id, "channel": str(channel), "ts": str(ts), "name": name}
        self.client.do("talk.react", **args, wait=wait)

    def unreact(self, channel: Channel | str, ts: str | Message, name: str) -> None:
        """Remove their reaction."""
        args = {"user": self.id, "channel": str(channel), "ts": str(ts), "name": name}
        self.client.do("talk.react", **args, take=True)

    def join(self, channel: Channel | str) -> None:
        """Join a channel."""
        self.client.do("places.invite", channel=str(channel), user=self.id, by=None)

    def leave(self, channel: Channel | str) -> None:
        """Leave a channel."""
        self.client.do("places.leave", channel=str(channel), user=self.id)

    def slash(
        self, channel: Channel | str, line: str, *, seconds: float | None = None
    ) -> SlashAnswer:
        """Enter a slash command and return its outcome within `seconds`."""
        args = {"user": self.id, "channel": str(channel), "line": line}
        outcome = self.client.click("clicks.slash", seconds, **args)
        messages = [Message(shown) for shown in outcome["answers"]]
        return SlashAnswer(outcome["error"], messages, self._view(outcome["view"]))

    def shortcut(
        self,
        name: str,
        channel: Channel | str | None = None,
        ts: str | Message | None = None,
        *,
        seconds: float | None = None,
    ) -> View | Answer | None:
        """Use a message shortcut or a global one; return the modal it opened, or the answer."""
        place = None if channel is None else str(channel)
        args = {"user": self.id, "name": name, "channel": place}
        return self._outcome(
            self.client.click(
                "clicks.shortcut", seconds, **args, ts=None if ts is None else str(ts)
            )
        )

    def press(
        self,
        what: str,
        on: Message | View | Channel | str,
        *,
        ts: str | None = None,
        near: str | None = None,
        seconds: float | None = None,
    ) -> View | Answer | None:
        """Press a button, named by label or action_id, on a message or view.

        If several have the same label, `near` is text in or before the block of the right one.
        """
        if isinstance(on, View):
            return on.press(what, near=near, seconds=seconds)
        args = self._target(on, ts) | {"what": what, "near": near}
        return self._outcome(self.client.click("clicks.press", seconds, **args))

    def select(
        self,
        what: str,
        choice: object,
        on: Message | Channel | str,
        *,
        ts: str | None = None,
        near: str | None = None,
        seconds: float | None = None,
    ) -> View | Answer | None:
        """Choose in a menu of a message, named by action_id, placeholder or its section's text."""
        args = self._target(on, ts) | {"what": what, "near": near}
        return self._outcome(
            self.client.click("clicks.select", seconds, choice=plain(choice), **args)
        )

    def _target(self, on: Message | Channel | str, ts: str | None) -> Json:
        channel = on.channel if isinstance(on, Message) else str(on)
        message_ts = on.ts if isinstance(on, Message) else ts
        return {"user": self.id, "channel": channel, "ts": message_ts}

    def _outcome(self, outcome: Json) -> View | Answer | None:
        if outcome["view"]:
            return self._view(outcome["view"])
        if outcome["error"] or outcome["answers"]:
            return Answer(outcome["error"], [Message(shown) for shown in outcome["answers"]])
        return None

    def _view(self, view: str | None) -> View | None:
        return None if view is None else View(self.client, view)

    @property
    def view(self) -> View | None:
        """The modal that is open for this person."""
        shown = self.client.do("forms.view", user=self.id)
        return None if shown is None else View(self.client, shown["raw"]["id"])

    def home(self, *, seconds: float | None = None) -> View | None:
        """Open the app's Home tab and return what it shows."""
        shown = self.client.click("clicks.home", seconds, user=self.id)
        return None if shown is None else View(self.client, shown["raw"]["id"])

    def sees(self, channel: Channel | str) -> list[Message]:
        """Return the messages that this person sees in a channel by time; [] without access."""
        messages = self.client.do("talk.sees", user=self.id, channel=str(channel))
        return [Message(shown) for shown in messages]

    def ephemerals(self, channel: Channel | str | None = None) -> list[Message]:
        """Return the ephemeral messages for this person, in one channel or in all."""
        place = None if channel is None else str(channel)
        messages = self.client.do("talk.ephemerals", user=self.id, channel=place)
        return [Message(shown) for shown in messages]

    def dms(self) -> list[Message]:
        """Return the direct messages with the app's bot."""
        return [Message(shown) for shown in self.client.do("talk.dms", user=self.id)]
