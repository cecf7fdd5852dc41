"""What a driver hands out: channels, messages and answers, as a person sees them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.model import Json


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel by id."""

    id: str
    name: str = field(compare=False, default="")

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was when it was read."""

    found: Json = field(repr=False)

    def __str__(self) -> str:
        return self.ts

    def __repr__(self) -> str:
        return f"<Message {self.ts} {self.words()!r}>"

    @property
    def raw(self) -> Json:
        """Slack's message object."""
        return dict(self.found["raw"])

    @property
    def ts(self) -> str:
        """Its timestamp, Slack's id of a message."""
        return str(self.found["raw"]["ts"])

    @property
    def thread_ts(self) -> str | None:
        """The timestamp of its thread's root, if it is in one."""
        found = self.found["raw"].get("thread_ts")
        return None if found is None else str(found)

    @property
    def channel(self) -> str:
        """The id of the channel it is in."""
        return str(self.found["channel"])

    @property
    def user(self) -> str:
        """The id of who wrote it."""
        return str(self.found["raw"].get("user", ""))

    @property
    def text(self) -> str:
        """Its text as the app sees it, escaped and with ids."""
        return str(self.found["raw"].get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.found["raw"].get("blocks", []))

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.found["to"] is not None

    def words(self) -> str:
        """Return all that a reader sees, drawn plain, a line for each text."""
        return str(self.found["words"])

    def buttons(self) -> list[str]:
        """Return the labels of its buttons."""
        return list(self.found["buttons"])


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command or click that opened no view.

    `error` is Slack's word to the person: "operation_timeout" or "dispatch_failed".
    """

    error: str | None
    messages: list[Message]

    @property
    def text(self) -> str:
        """The text of the first answer; "" when there was none."""
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
        """Return all that the person reads of the answers."""
        return "\n".join(message.words() for message in self.messages)

    def buttons(self) -> list[str]:
        """Return the labels of the answers' buttons."""
        return [label for message in self.messages for label in message.buttons()]
