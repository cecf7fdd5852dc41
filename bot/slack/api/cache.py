"""A cache of Slack's answers that sends simultaneous identical questions only once."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from bot.domain.errors import UnavailableError
from bot.slack.api.deadline import seconds_left

_MOST: Final = 20_000

# The name of a question, then its subject.
Key = tuple[str, *tuple[str | int | None, ...]]
T = TypeVar("T")


class Cache:
    """Answers by question, with the time of each question; safe to share between threads.

    `clock` gives seconds. It's the bot's clock, so answers age when a test moves it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._answers: dict[Key, tuple[float, Any]] = {}
        self._pending: dict[Key, Future[Any]] = {}

    def has(self, key: Key, seconds: float) -> bool:
        """Return whether the cache has an answer that is younger than `seconds`."""
        with self._lock:
            return self._fresh(key, seconds) is not None

    def put(self, key: Key, answer: object = None) -> None:
        """Cache an answer that no other thread is waiting for."""
        with self._lock:
            self._put(key, self._clock(), answer)

    def once(
        self,
        key: Key,
        seconds: float,
        ask: Callable[[], T],
        *,
        lasts: Callable[[T], bool] = lambda _: True,
    ) -> T:
        """Return an answer younger than `seconds`, asking once for all threads that need it.

        `lasts`: whether to cache an answer.

        Raises:
            UnavailableError: another thread asked and got no answer before the acknowledgement.
        """
        with self._lock:
            fresh = self._fresh(key, seconds)
            if fresh:
                return fresh[1]  # type: ignore[no-any-return] # each kind of key has one type
            pending, at = self._pending.get(key), self._clock()
            is_first = pending is None
            if pending is None:
                pending = self._pending[key] = Future()
        if not is_first:
            return _answer_in_time(pending)  # type: ignore[no-any-return] # as above
        try:
            answer = ask()
        except BaseException as error:
            with self._lock:
                if self._pending.get(key) is pending:
                    del self._pending[key]
            pending.set_exception(error)
            raise
        with self._lock:
            if self._pending.get(key) is pending:
                del self._pending[key]
                if lasts(answer):
                    self._put(key, at, answer)
        pending.set_result(answer)
        return answer

    def forget(self, *keys: Key) -> None:
        """Ask again next time. An answer to an earlier question isn't cached when it arrives."""
        with self._lock:
            for key in keys:
                self._answers.pop(key, None)
                self._pending.pop(key, None)

    def _fresh(self, key: Key, seconds: float) -> tuple[float, Any] | None:
        cached = self._answers.get(key)
        # If the clock was set back, the age of an answer is unknown.
        return cached if cached and 0 <= self._clock() - cached[0] < seconds else None

    def _put(self, key: Key, at: float, answer: object) -> None:
        if len(self._answers) >= _MOST:
            self._answers.clear()
        self._answers[key] = (at, answer)


def _answer_in_time(pending: "Future[Any]") -> Any:  # noqa: ANN401 - one type a kind of key
    try:
        return pending.result(timeout=seconds_left())
    except TimeoutError as error:
        raise UnavailableError("Slack didn't answer in time. Try again in a moment.") from error
