"""What changed in a workspace, in order, and telling those who look at it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_numbers = itertools.count(1)


def next_change() -> int:
    """Return a number greater than every one before, by which changes are put in order."""
    return next(_numbers)


class Pulse:
    """Wakes whoever looks when something may have changed; says that, and not what."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listening: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def beat(self) -> None:
        """Wake everyone who listens; may be called in any thread."""
        with self._lock:
            for loop, event in self._listening:
                # A loop that is closing has nobody left to wake.
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """Yield the event that a beat sets, in the running loop."""
        mine = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._listening.add(mine)
        try:
            yield mine[1]
        finally:
            with self._lock:
                self._listening.discard(mine)
