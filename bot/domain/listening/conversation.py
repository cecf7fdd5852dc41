"""Messages that people wrote in a channel, and the threads they form."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.entries import ChannelId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message that a person wrote, as plain text. `root`: the timestamp of its thread."""

    channel: ChannelId
    ts: str
    root: str
    user: UserId
    text: str
    at: datetime
    mentions: tuple[UserId, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether the message is the first of its thread."""
        return self.ts == self.root


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The messages of one thread so far, oldest first; never empty.

    `named`: the names of the people in it, which aren't words of its matter.
    """

    messages: tuple[Said, ...]
    named: frozenset[str] = frozenset()

    @property
    def asker(self) -> UserId:
        """The person who opened the thread."""
        return self.messages[0].user

    @property
    def opening(self) -> tuple[Said, ...]:
        """The messages of the asker before anyone else answered."""
        count = next(
            (at for at, said in enumerate(self.messages) if said.user != self.asker),
            len(self.messages),
        )
        return self.messages[:count]

    @property
    def replies(self) -> tuple[Said, ...]:
        """The messages after the opening."""
        return self.messages[len(self.opening) :]
