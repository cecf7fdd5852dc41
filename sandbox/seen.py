"""Channels, messages and answers that a driver returns."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.model import Json


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, identified by its id."""

    id: str
    name: str = field(compare=False, default="")

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Message:
    """A message at the moment it was read."""

    shown: Json = field(repr=False)

    def __str__(self) -> str:
        return self.ts

    def __repr__(self) -> str:
        return f"<Message {self.ts} {self.words()!r}>"

    @property
    def raw(self) -> Json:
        """Slack's message object."""
        return dict(self.shown["raw"])

    @property
    def ts(self) -> str:
        """Its timestamp, Slack's id of a message."""
        return str(self.shown["raw"]["ts"])

    @property
    def thread_ts(self) -> str | None:
        """The timestamp of its thread's root, if it is in one."""
        ts = self.shown["raw"].get("thread_ts")
        return None if ts is None else str(ts)

    @property
    def channel(self) -> str:
        """The id of the channel it is in."""
        return str(self.shown["channel"])

    @property
    def user(self) -> str:
        """The id of its author."""
        return str(self.shown["raw"].get("user", ""))

    @property
    def text(self) -> str:
        """Its text as the app sees it, escaped and with ids."""
        return str(self.shown["raw"].get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.shown["raw"].get("blocks", []))

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.shown["to"] is not None

    def words(self) -> str:
        """Return all text that a reader sees, one line per text, without formatting."""
        return str(self.shown["words"])

    def buttons(self) -> list[str]:
        """Return the labels of its buttons."""
        return list(self.shown["buttons"])


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a command or click that opened no view.

    `error` is the error that Slack shows the person: "operation_timeout" or "dispatch_failed".
    """

    error: str | None
    messages: list[Message]

    @property
    def text(self) -> str:
        """The text of the first answer; "" if there is none."""
        return self.messages[0].text if self.messages else ""

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the first answer."""
        return self.messages[0].blocks if self.messages else []

    @property
    def message(self) -> Message | None:
        """The first answer."""
        return self.messages[0] if self.messages else None

    def words(self) -> str:
        """Return all text of the answers."""
        return "\n".join(message.words() for message in self.messages)

    def buttons(self) -> list[str]:
        """Return the labels of the answers' buttons."""
        return [label for message in self.messages for label in message.buttons()]
