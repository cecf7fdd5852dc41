"""Changes of a workspace: their numbers, and the signal to open pages."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_numbers = itertools.count(1)


def next_change() -> int:
    """Return a number greater than every one before, to put changes in order."""
    return next(_numbers)


class Pulse:
    """Wakes open pages when something may have changed, without saying what."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listening: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def beat(self) -> None:
        """Wake every listener. Any thread may call this."""
        with self._lock:
            for loop, event in self._listening:
                # A closed loop has no listener left.
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """Yield an event of the running loop that each beat sets."""
        mine = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._listening.add(mine)
        try:
            yield mine[1]
        finally:
            with self._lock:
                self._listening.discard(mine)
