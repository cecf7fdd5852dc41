"""FairLock at a lock, in the order in which threads asked for it."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class _Waiter:
    """A thread that waits: a lock that is held until its turn comes."""

    def __init__(self) -> None:
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def sleep(self, seconds: float) -> bool:
        """Return whether the turn came within this many seconds."""
        return self._asleep.acquire(timeout=max(0.0, seconds))

    def wake(self) -> None:
        self._asleep.release()


class FairLock:
    """A lock that is passed on: first come, first served, and what is urgent overtakes once.

    `threading.Lock` wakes any of its waiters, and a thread that releases it and asks again at once
    gets it first. Here the lock goes straight to the next waiter. Urgent waiters and others take
    turns, so a message waits for two turns at most and messages never keep others out.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._urgent: deque[_Waiter] = deque()
        self._others: deque[_Waiter] = deque()
        self._is_taken = False
        self._was_urgent = False

    @property
    def waiting(self) -> int:
        """How many threads wait for their turn."""
        return len(self._urgent) + len(self._others)

    @contextmanager
    def turn(self, seconds: float, *, urgent: bool = False) -> Iterator[float]:
        """Hold the lock inside the block; yields how many of the seconds are left.

        Raises:
            TimeoutError: the turn didn't come within this many seconds.
        """
        began = time.monotonic()
        waiter = self._ask(urgent=urgent)
        if waiter is not None and not waiter.sleep(seconds) and self._leave(waiter):
            raise TimeoutError
        try:
            yield max(0.0, seconds - (time.monotonic() - began))
        finally:
            self._pass_on()

    def _ask(self, *, urgent: bool) -> _Waiter | None:
        """Take the lock if it is free and return None; else return a place in the queue."""
        with self._lock:
            if not self._is_taken:
                self._is_taken, self._was_urgent = True, urgent
                return None
            waiter = _Waiter()
            (self._urgent if urgent else self._others).append(waiter)
            return waiter

    def _leave(self, waiter: _Waiter) -> bool:
        """Give up a place in the queue; False if the turn came in the same moment."""
        with self._lock:
            for queue in (self._urgent, self._others):
                if waiter in queue:
                    queue.remove(waiter)
                    return True
            return False

    def _pass_on(self) -> None:
        with self._lock:
            is_urgent = bool(self._urgent) and not (self._was_urgent and self._others)
            queue = self._urgent if is_urgent else self._others
            self._is_taken, self._was_urgent = bool(queue), is_urgent
            if queue:
                queue.popleft().wake()
