"""The time that Slack gives for an acknowledgement, which no call before it may exceed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from slack_sdk import WebClient

_end: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def acknowledging(seconds: float) -> Iterator[None]:
    """Allow that many seconds for all that this thread asks of Slack within the block."""
    token = _end.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


def seconds_left() -> float | None:
    """Return the seconds that are left before the acknowledgement, 0 at least; None without one."""
    end = _end.get()
    return None if end is None else max(0.0, end - time.monotonic())


def seconds_for(longest: float) -> float:
    """Return how long a call may take: `longest`, or what is left before the acknowledgement.

    Raises:
        TimeoutError: nothing is left.
    """
    left = seconds_left()
    if left == 0:
        raise TimeoutError("no time is left before the acknowledgement")
    return longest if left is None else min(longest, left)


class TimedClient(WebClient):
    """A client of the Web API whose calls end in time for the acknowledgement that they precede.

    Its `timeout` is that of a call which precedes none.
    """

    def __init__(self, *, timeout: float, **options: Any) -> None:  # noqa: ANN401 - of WebClient
        super().__init__(**options)
        self._longest = timeout

    @property
    def timeout(self) -> Any:  # noqa: ANN401 - declared as int; a socket takes any
        """Return the seconds that the next call may take.

        Raises:
            TimeoutError: none are left.
        """
        return seconds_for(self._longest)

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._longest = seconds
