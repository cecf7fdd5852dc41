"""The workspace's clock and Slack's message timestamps."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

# Ten digits before the point keep timestamps comparable as strings; earlier ones have nine.
EARLIEST = 1_000_000_000


class Clock:
    """The workspace's clock: the machine's time or a test's, and unique timestamps.

    `shift` is how many seconds it was moved forward.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self._now = now
        self.shift = 0.0
        self._last = 0
        self._taken: set[int] = set()

    def seconds(self) -> float:
        """Return the time as seconds since 1970."""
        return self.shift + (time.time() if self._now is None else self._now().timestamp())

    def move(self, to: float) -> None:
        """Move the clock forward to a time, in seconds since 1970. It runs on from there.

        Raises:
            ValueError: that time has passed; messages since then would lie in the future.
        """
        ahead = to - self.seconds()
        if ahead < 0:
            raise ValueError("the clock only goes forward")
        self.shift += ahead

    def as_json(self) -> dict[str, Any]:
        """Return what the page needs to show the clock: its shift, or the fixed time."""
        return {"shift": self.shift} if self._now is None else {"at": self.seconds()}

    def ts(self, at: float | None = None) -> str:
        """Return a timestamp of Slack's shape ("1700000000.000100").

        Without `at` it is later than all timestamps before, even if the clock is fixed. With `at`
        (seconds since 1970) it is that time, or the next free microsecond.

        Raises:
            ValueError: `at` is before September 2001.
        """
        if at is not None and at < EARLIEST:
            raise ValueError(f"a message can not be dated {at}: before September 2001")
        microseconds = round((self.seconds() if at is None else at) * 1_000_000)
        if at is None:
            microseconds = max(microseconds, self._last + 1)
        while microseconds in self._taken:
            microseconds += 1
        if at is None:
            self._last = microseconds
        self._taken.add(microseconds)
        return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"


def is_ts(text: str) -> bool:
    """Return whether `text` is a Slack timestamp, with or without a fraction."""
    head, _, tail = text.partition(".")
    return head.isdigit() and (not tail or tail.isdigit())


def ts_key(text: str) -> tuple[int, int]:
    """Return a key by which timestamps sort, whatever their number of digits."""
    head, _, tail = text.partition(".")
    return int(head or 0), int((tail + "000000")[:6])
