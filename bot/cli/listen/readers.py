"""Reading messages ahead in a second process, while the first one compares their threads."""

import os
import signal
from array import array
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import Final

from bot.domain.listening.ahead import AheadReader, ReadAhead
from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import Heard, name_stems
from bot.domain.recognition import Reading

# How many messages are sent at once, and how often before the first ones are needed.
_BATCH: Final = 200
_BATCHES: Final = 4
# Terms that are in memory once, however many threads have them.
_SHARED_TERMS: Final = 1 << 17

_reader: AheadReader


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """The features of a message that the second process found; the first one has its text."""

    before: int
    terms: "array[int]"
    pairs: "array[int]"
    identifiers: "array[int]"
    words: int
    asks: bool
    reading: Reading

    @classmethod
    def pack(cls, ahead: ReadAhead) -> "_Sent":
        heard = ahead.heard
        return cls(
            before=ahead.before,
            terms=array("I", heard.terms),
            pairs=array("I", heard.pairs),
            identifiers=array("I", heard.identifiers),
            words=heard.words,
            asks=heard.asks,
            reading=heard.reading,
        )

    def unpack(self, said: Said, known: dict[int, int]) -> ReadAhead:
        """Return what was read. `known`: the latest terms, so that each is in memory once."""
        heard = Heard(
            ts=said.ts,
            user=said.user,
            at=said.at,
            mentions=frozenset(said.mentions),
            terms=frozenset(map(known.setdefault, self.terms, self.terms)),
            pairs=frozenset(self.pairs),
            identifiers=frozenset(map(known.setdefault, self.identifiers, self.identifiers)),
            words=self.words,
            asks=self.asks,
            reading=self.reading,
        )
        return ReadAhead(heard=heard, before=self.before)


def has_cores() -> bool:
    """Return whether a second process could run at the same time."""
    return (os.cpu_count() or 1) > 1


def read_ahead(
    messages: Iterable[Said], names: Collection[str]
) -> Iterator[tuple[Said, ReadAhead]]:
    """Yield messages with what a second process read in them, in the same order."""
    stems = name_stems(names)
    # A new one, because a copy of this process would share its memory and its open files.
    with ProcessPoolExecutor(1, get_context("spawn"), _begin, (stems,)) as second:
        with _without_interrupts():
            second.submit(_read, ())
        waiting: deque[tuple[Sequence[Said], Future[list[_Sent]]]] = deque()
        known: dict[int, int] = {}
        coming = iter(messages)
        while batch := list(islice(coming, _BATCH)):
            waiting.append((batch, second.submit(_read, batch)))
            if len(waiting) > _BATCHES:
                yield from _next(waiting, known)
        while waiting:
            yield from _next(waiting, known)


def _next(
    waiting: "deque[tuple[Sequence[Said], Future[list[_Sent]]]]", known: dict[int, int]
) -> Iterator[tuple[Said, ReadAhead]]:
    batch, future = waiting.popleft()
    if len(known) > _SHARED_TERMS:
        known.clear()
    for said, sent in zip(batch, future.result(), strict=True):
        yield said, sent.unpack(said, known)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Start a process that Ctrl-C doesn't end. The first process says when it's over."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin(stems: frozenset[str]) -> None:
    global _reader  # noqa: PLW0603 - of the second process
    _reader = AheadReader(stems)


def _read(batch: Sequence[Said]) -> list[_Sent]:
    return [_Sent.pack(_reader.read(said)) for said in batch]
