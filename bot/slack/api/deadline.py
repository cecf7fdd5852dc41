"""The time limit of an acknowledgement, which also limits every call before it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from slack_sdk import WebClient

_end: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def acknowledging(seconds: float) -> Iterator[None]:
    """Limit all calls of this thread within the block to that many seconds together."""
    token = _end.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


def seconds_left() -> float | None:
    """Return the seconds before the acknowledgement, at least 0; None outside `acknowledging`."""
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
    """A client of the Web API whose calls end before the acknowledgement is due.

    `timeout` is the limit, in seconds, of a call outside `acknowledging`.
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
