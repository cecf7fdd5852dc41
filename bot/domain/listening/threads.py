"""A thread as the listener keeps it in memory, and when it may forget it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.entries import ChannelId
from bot.domain.listening.conversation import Said
from bot.domain.listening.coverage import Cover
from bot.domain.listening.heard import Heard, hear

Root = tuple[ChannelId, str]

# Messages of a thread that are compared and drafted from; a longer one has left its matter.
MOST_MESSAGES: Final = 60
_NO_TERMS: Final[frozenset[int]] = frozenset()


@dataclass(slots=True, kw_only=True)
class HeardThread:
    """A thread so far. `cover`: the entry that covers it best, once it has settled.

    `is_slim`: whether the terms of its messages were dropped, because its profile has them.
    """

    said: list[Said] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    cover: Cover | None = None
    has_settled: bool = False
    is_slim: bool = False

    def add(self, said: Said, heard: Heard, names: frozenset[str]) -> None:
        """Add a message, unless the thread is too long. `names`: see `name_stems`."""
        if self.is_slim:
            pairs = zip(self.said, self.heard, strict=True)
            self.heard = [hear(one, known.reading, names, known.meaning) for one, known in pairs]
            self.is_slim = False
        if len(self.said) < MOST_MESSAGES:
            self.said.append(said)
            self.heard.append(heard)

    def slim(self) -> None:
        """Drop the terms of its messages. They are found again if another message comes."""
        if not self.is_slim:
            self.heard = [
                replace(one, terms=_NO_TERMS, pairs=_NO_TERMS, identifiers=_NO_TERMS)
                for one in self.heard
            ]
            self.is_slim = True


class Ages:
    """The threads by the time from which on they are old."""

    def __init__(self, lifetime: timedelta) -> None:
        """Take in how long after its last message a thread is old."""
        self._lifetime = lifetime
        self._due: deque[tuple[datetime, Root]] = deque()

    def add(self, root: Root, last: datetime) -> None:
        """Add a thread, or add it again with the time of a later message."""
        self._due.append((last + self._lifetime, root))

    def old(self, now: datetime) -> Iterator[Root]:
        """Yield the threads that are due, each once after each `add`."""
        while self._due and self._due[0][0] <= now:
            yield self._due.popleft()[1]
