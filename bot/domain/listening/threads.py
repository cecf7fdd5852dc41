"""The threads that a listener heard, those that go on apart from those that rest."""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.domain.entries import ChannelId
from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import Heard
from bot.domain.listening.placing import REMEMBERED

Root = tuple[ChannelId, str]

# Messages of a thread that are compared and drafted from; a longer one has left its matter.
MOST_MESSAGES: Final = 60
# Few threads go on after this time.
_RESTING: Final = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class HeardThread:
    """The messages of a thread so far, and their features."""

    said: list[Said] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    has_settled: bool = False

    def add(self, said: Said, heard: Heard) -> None:
        """Add a message, unless the thread is too long."""
        if len(self.said) < MOST_MESSAGES:
            self.said.append(said)
            self.heard.append(heard)


class Archive(Protocol):
    """Holds threads that rest: in memory, or on the disk, because most are never needed again."""

    def put(self, root: Root, thread: HeardThread) -> None:
        """Add a thread, or replace it."""

    def find(self, root: Root) -> HeardThread | None:
        """Return a thread, not to be changed; None if it isn't there."""

    def remove(self, root: Root) -> None:
        """Remove a thread if it's there."""


class MemoryArchive:
    """Holds threads that rest in memory, for a chat that isn't large."""

    def __init__(self) -> None:
        self._threads: dict[Root, HeardThread] = {}

    def put(self, root: Root, thread: HeardThread) -> None:
        """Add a thread, or replace it."""
        self._threads[root] = thread

    def find(self, root: Root) -> HeardThread | None:
        """Return a thread, not to be changed; None if it isn't there."""
        return self._threads.get(root)

    def remove(self, root: Root) -> None:
        """Remove a thread if it's there."""
        self._threads.pop(root, None)


class HeardThreads:
    """The threads of a history: those that go on are in memory, the others in an archive."""

    def __init__(self, archive: Archive) -> None:
        self._going_on: dict[Root, HeardThread] = {}
        self._archive = archive
        self._resting, self._remembered = Ages(_RESTING), Ages(REMEMBERED)

    def __getitem__(self, root: Root) -> HeardThread:
        """Return a thread to look at."""
        if (thread := self.find(root)) is None:
            raise KeyError(root)
        return thread

    def find(self, root: Root) -> HeardThread | None:
        """Return a thread to look at; None if it's unknown, or was forgotten."""
        return self._going_on.get(root) or self._archive.find(root)

    def open(self, root: Root, now: datetime) -> HeardThread:
        """Return a thread that has another message now, perhaps its first."""
        thread = self._going_on.get(root)
        if thread is None:
            thread = self._going_on[root] = self._archive.find(root) or HeardThread()
            self._resting.add(root, now)
        return thread

    def put_to_rest(self, now: datetime) -> None:
        """Put the threads that have settled into the archive, about a day after they did."""
        for root in self._resting.pop_old(now):
            thread = self._going_on[root]
            last = thread.said[-1].at
            if thread.has_settled and now - last >= _RESTING:
                self._archive.put(root, self._going_on.pop(root))
                self.remember(root, last)
            else:
                self._resting.add(root, now)

    def remember(self, root: Root, last: datetime) -> None:
        """Remember a thread for so long after its last message, or after a later time."""
        self._remembered.add(root, last)

    def pop_old(self, now: datetime) -> Iterator[Root]:
        """Yield the threads that became too old to be compared."""
        for root in self._remembered.pop_old(now):
            # If it has gone on since then, it was added again, or will be.
            thread = None if root in self._going_on else self._archive.find(root)
            if thread is not None and now - thread.said[-1].at >= REMEMBERED:
                yield root

    def forget(self, roots: Collection[Root]) -> None:
        """Forget threads."""
        for root in roots:
            self._going_on.pop(root, None)
            self._archive.remove(root)


class Ages:
    """Threads by the time from which on they are old."""

    def __init__(self, lifetime: timedelta) -> None:
        """Take in how long after its last message a thread is old."""
        self._lifetime = lifetime
        self._due: deque[tuple[datetime, Root]] = deque()

    def add(self, root: Root, last: datetime) -> None:
        """Add a thread, or add it again with the time of a later message."""
        self._due.append((last + self._lifetime, root))

    def pop_old(self, now: datetime) -> Iterator[Root]:
        """Yield the threads that are due, each once after each `add`."""
        while self._due and self._due[0][0] <= now:
            yield self._due.popleft()[1]
