"""A lock that threads get in the order in which they asked for it."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class _Waiter:
    """A waiting thread. Its inner lock is held until it may go on."""

    def __init__(self) -> None:
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def sleep(self, seconds: float) -> bool:
        """Wait at most this many seconds, and return whether the thread was woken."""
        return self._asleep.acquire(timeout=max(0.0, seconds))

    def wake(self) -> None:
        self._asleep.release()


class FairLock:
    """A lock that goes to the thread that waited longest. Urgent threads overtake others once.

    `threading.Lock` wakes any of its waiters, and a thread that releases it and asks again at once
    gets it first. Here the lock goes straight to the next waiter. Urgent waiters and others take
    turns. So an urgent waiter waits for two others at most, and urgent ones never keep others out.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._urgent: deque[_Waiter] = deque()
        self._others: deque[_Waiter] = deque()
        self._is_taken = False
        self._was_urgent = False

    @property
    def waiting(self) -> int:
        """How many threads wait for the lock."""
        return len(self._urgent) + len(self._others)

    @contextmanager
    def hold(self, seconds: float, *, urgent: bool = False) -> Iterator[float]:
        """Hold the lock inside the block, and yield how many of the seconds to wait are left.

        Raises:
            TimeoutError: the lock wasn't free within this many seconds.
        """
        began = time.monotonic()
        waiter = self._take_or_queue(urgent=urgent)
        if waiter is not None and not waiter.sleep(seconds) and self._leave_queue(waiter):
            raise TimeoutError
        try:
            yield max(0.0, seconds - (time.monotonic() - began))
        finally:
            self._pass_on()

    def _take_or_queue(self, *, urgent: bool) -> _Waiter | None:
        """Take the lock if it's free and return None; otherwise join the queue."""
        with self._lock:
            if not self._is_taken:
                self._is_taken, self._was_urgent = True, urgent
                return None
            waiter = _Waiter()
            (self._urgent if urgent else self._others).append(waiter)
            return waiter

    def _leave_queue(self, waiter: _Waiter) -> bool:
        """Leave the queue; False if the thread got the lock at the same moment."""
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
