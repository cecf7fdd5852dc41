"""How much may be asked of Slack by those whom nobody waits for."""

import threading
import time
from collections.abc import Callable


class Allowance:
    """So many calls at once, and from there on one in so many seconds; safe to share."""

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
        # When all calls so far would be over, each at its pace.
        self._over = clock()

    def take(self) -> None:
        """Wait until one more call is due."""
        with self._lock:
            now = self._clock()
            self._over = max(self._over, now) + self._seconds
            ahead = self._over - now - self._most * self._seconds
        if ahead > 0:
            self._wait(ahead)
