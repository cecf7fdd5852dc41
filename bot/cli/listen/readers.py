"""Reading messages ahead in a second process, while the first one compares their threads."""

import os
import signal
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import Final

from bot.domain.listening.ahead import AheadReader, ReadAhead
from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import name_stems

# How many messages are sent at once, and how often before the first ones are needed.
_BATCH: Final = 200
_BATCHES: Final = 4

_reader: AheadReader


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
        waiting: deque[tuple[Sequence[Said], Future[list[ReadAhead]]]] = deque()
        coming = iter(messages)
        while batch := list(islice(coming, _BATCH)):
            waiting.append((batch, second.submit(_read, batch)))
            if len(waiting) > _BATCHES:
                yield from _next(waiting)
        while waiting:
            yield from _next(waiting)


def _next(
    waiting: deque[tuple[Sequence[Said], Future[list[ReadAhead]]]],
) -> Iterator[tuple[Said, ReadAhead]]:
    batch, future = waiting.popleft()
    yield from zip(batch, future.result(), strict=True)


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


def _read(batch: Sequence[Said]) -> list[ReadAhead]:
    return [_reader.read(said) for said in batch]
