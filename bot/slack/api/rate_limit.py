"""A rate limit for calls that no person is waiting for."""

import threading
import time
from collections.abc import Callable


class Allowance:
    """Allows `most` calls at once, then one every `seconds`; safe to share between threads."""

    def __init__(
        self,
        most: int,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._wait = wait
        self._lock = threading.Lock()
        # When all calls so far would end, at one every `seconds`.
        self._end = clock()

    def take(self) -> None:
        """Wait until the next call is allowed."""
        with self._lock:
            now = self._clock()
            self._end = max(self._end, now) + self._seconds
            ahead = self._end - now - self._most * self._seconds
        if ahead > 0:
            self._wait(ahead)
