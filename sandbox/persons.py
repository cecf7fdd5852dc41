"""One person's hands and eyes in the workspace."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.forms import SlashAnswer, View, plain
from sandbox.model import Json
from sandbox.seen import Answer, Channel, Message

if TYPE_CHECKING:
    from sandbox.driver import Driver


@dataclass(frozen=True, slots=True)
class PersonDriver:
    """Somebody of the workspace, or another app's bot."""

    driver: Driver = field(repr=False, compare=False)
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

        `files` are ids that `upload` returned. Waits until the app took its events or all retries
        failed, unless told not to.
        """
        return str(
            self.driver.do(
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
        """Upload a file, which nobody else sees until it is shared, and return its id."""
        whole = base64.b64encode(content).decode()
        return str(self.driver.do("files.upload", user=self.id, name=name, content=whole)["id"])

    def edit(self, channel: Channel | str, ts: str | Message, text: str) -> None:
        """Change one's own message."""
        args = {"user": self.id, "channel": str(channel), "ts": str(ts), "text": text}
        self.driver.do("talk.edit", **args)

    def delete(self, channel: Channel | str, ts: str | Message) -> None:
        """Delete one's own message."""
        self.driver.do("talk.delete", user=self.id, channel=str(channel), ts=str(ts))

    def react(
        self, channel: Channel | str, ts: str | Message, name: str, *, wait: bool = True
    ) -> None:
        """Add a reaction, named with or without colons."""
        args = {"user": self.id, "channel": str(channel), "ts": str(ts), "name": name}
        self.driver.do("talk.react", **args, wait=wait)

    def unreact(self, channel: Channel | str, ts: str | Message, name: str) -> None:
        """Take one's reaction away."""
        args = {"user": self.id, "channel": str(channel), "ts": str(ts), "name": name}
        self.driver.do("talk.react", **args, take=True)

    def join(self, channel: Channel | str) -> None:
        """Join a channel."""
        self.driver.invite(channel, self)

    def leave(self, channel: Channel | str) -> None:
        """Leave a channel."""
        self.driver.leave(self, channel)

    def slash(
        self, channel: Channel | str, line: str, *, seconds: float | None = None
    ) -> SlashAnswer:
        """Enter a slash command and return what came of it within `seconds`."""
        args = {"user": self.id, "channel": str(channel), "line": line}
        found = self.driver.click("clicks.slash", seconds, **args)
        messages = [Message(each) for each in found["answers"]]
        return SlashAnswer(found["error"], messages, self._view(found["view"]))

    def shortcut(
        self,
        name: str,
        channel: Channel | str | None = None,
        ts: str | Message | None = None,
        *,
        seconds: float | None = None,
    ) -> View | Answer | None:
        """Take a message's shortcut, or a global one; return the modal it opened or an answer."""
        place = None if channel is None else str(channel)
        args = {"user": self.id, "name": name, "channel": place}
        return self._outcome(
            self.driver.click(
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

        `near` are words in or before the button's block where several have the same label.
        """
        if isinstance(on, View):
            return on.press(what, near=near, seconds=seconds)
        args = self._on(on, ts) | {"what": what, "near": near}
        return self._outcome(self.driver.click("clicks.press", seconds, **args))

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
        args = self._on(on, ts) | {"what": what, "near": near}
        return self._outcome(
            self.driver.click("clicks.select", seconds, choice=plain(choice), **args)
        )

    def _on(self, on: Message | Channel | str, ts: str | None) -> Json:
        channel = on.channel if isinstance(on, Message) else str(on)
        stamp = on.ts if isinstance(on, Message) else ts
        return {"user": self.id, "channel": channel, "ts": stamp}

    def _outcome(self, found: Json) -> View | Answer | None:
        if found["view"]:
            return self._view(found["view"])
        if found["error"] or found["answers"]:
            return Answer(found["error"], [Message(each) for each in found["answers"]])
        return None

    def _view(self, view: str | None) -> View | None:
        return None if view is None else View(self.driver, view)

    @property
    def view(self) -> View | None:
        """The modal that this person has before them."""
        found = self.driver.do("forms.view", user=self.id)
        return None if found is None else View(self.driver, found["raw"]["id"])

    def home(self, *, seconds: float | None = None) -> View | None:
        """Open the app's Home tab and return what it shows."""
        found = self.driver.click("clicks.home", seconds, user=self.id)
        return None if found is None else View(self.driver, found["raw"]["id"])

    def sees(self, channel: Channel | str) -> list[Message]:
        """Return what this person reads in a channel by time; [] without access."""
        found = self.driver.do("talk.sees", user=self.id, channel=str(channel))
        return [Message(each) for each in found]

    def ephemerals(self, channel: Channel | str | None = None) -> list[Message]:
        """Return what only this person sees, in one channel or in all."""
        place = None if channel is None else str(channel)
        found = self.driver.do("talk.ephemerals", user=self.id, channel=place)
        return [Message(each) for each in found]

    def dms(self) -> list[Message]:
        """Return the direct messages with the app's bot."""
        return [Message(each) for each in self.driver.do("talk.dms", user=self.id)]
