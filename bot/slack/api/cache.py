"""A cache of Slack's answers, with one question for all who ask the same at the same time."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from bot.domain.errors import UnavailableError
from bot.slack.api.deadline import seconds_left

_MOST: Final = 20_000

# The name of a question, then what it is about.
Key = tuple[str, *tuple[str | int | None, ...]]
T = TypeVar("T")


class Kept:
    """Answers by their question, with when each was asked for; safe to share between threads.

    `clock` gives seconds. It is the bot's clock, so that what is cached ages when that is moved.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[Key, tuple[float, Any]] = {}
        self._asked: dict[Key, Future[Any]] = {}

    def has(self, key: Key, seconds: float) -> bool:
        """Tell whether an answer is cached that is not older than so many seconds."""
        with self._lock:
            return self._fresh(key, seconds) is not None

    def keep(self, key: Key, answer: object = None) -> None:
        """Cache an answer that nobody waits for."""
        with self._lock:
            self._keep(key, self._clock(), answer)

    def once(
        self,
        key: Key,
        seconds: float,
        ask: Callable[[], T],
        *,
        lasts: Callable[[T], bool] = lambda _: True,
    ) -> T:
        """Return an answer not older than so many seconds; all who wait for one ask once.

        `lasts`: whether an answer is cached at all.

        Raises:
            UnavailableError: another asks it, and has no answer in time for an acknowledgement.
        """
        with self._lock:
            found = self._fresh(key, seconds)
            if found:
                return found[1]  # type: ignore[no-any-return] # one type a kind of key
            asked, at = self._asked.get(key), self._clock()
            mine = asked is None
            if asked is None:
                asked = self._asked[key] = Future()
        if not mine:
            return _answer_in_time(asked)  # type: ignore[no-any-return] # as above
        try:
            answer = ask()
        except BaseException as error:
            with self._lock:
                if self._asked.get(key) is asked:
                    del self._asked[key]
            asked.set_exception(error)
            raise
        with self._lock:
            if self._asked.get(key) is asked:
                del self._asked[key]
                if lasts(answer):
                    self._keep(key, at, answer)
        asked.set_result(answer)
        return answer

    def forget(self, *keys: Key) -> None:
        """Ask again next time; an answer that is on its way is of before, and is not cached."""
        with self._lock:
            for key in keys:
                self._kept.pop(key, None)
                self._asked.pop(key, None)

    def _fresh(self, key: Key, seconds: float) -> tuple[float, Any] | None:
        found = self._kept.get(key)
        # A clock that was set back makes no answer younger than it is.
        return found if found and 0 <= self._clock() - found[0] < seconds else None

    def _keep(self, key: Key, at: float, answer: object) -> None:
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = (at, answer)


def _answer_in_time(asked: "Future[Any]") -> Any:  # noqa: ANN401 - one type a kind of key
    try:
        return asked.result(timeout=seconds_left())
    except TimeoutError as error:
        raise UnavailableError("Slack didn't answer in time. Try again in a moment.") from error
