"""Answers kept for a while, and one question for all who ask the same at the same time."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

_MOST: Final = 20_000

# The name of a question, then what it is about.
Key = tuple[str, *tuple[str | None, ...]]
T = TypeVar("T")


class Kept:
    """Answers by their question, each for its own time in seconds; safe to share."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[Key, tuple[float, Any]] = {}
        self._asked: dict[Key, Future[Any]] = {}

    def has(self, key: Key) -> bool:
        """Whether an answer is kept and still holds."""
        with self._lock:
            return self._fresh(key) is not None

    def keep(self, key: Key, seconds: float, answer: object = None) -> None:
        """Keep an answer that nobody waits for."""
        with self._lock:
            self._keep(key, seconds, answer)

    def once(
        self,
        key: Key,
        seconds: float,
        ask: Callable[[], T],
        *,
        lasts: Callable[[T], bool] = lambda _: True,
    ) -> T:
        """The kept answer, or one question for all who ask at the same time.

        `lasts`: whether an answer is kept at all.
        """
        with self._lock:
            found = self._fresh(key)
            if found:
                return found[1]  # type: ignore[no-any-return] # one type a kind of key
            asked = self._asked.get(key)
            mine = asked is None
            if asked is None:
                asked = self._asked[key] = Future()
        if not mine:
            return asked.result()  # type: ignore[no-any-return] # as above
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
                    self._keep(key, seconds, answer)
        asked.set_result(answer)
        return answer

    def forget(self, *keys: Key) -> None:
        """Ask again next time; an answer that is on its way is of before, and is not kept."""
        with self._lock:
            for key in keys:
                self._kept.pop(key, None)
                self._asked.pop(key, None)

    def forget_all(self, *names: str) -> None:
        """The same of all questions of these names."""
        with self._lock:
            for kept in (self._kept, self._asked):
                for key in [key for key in kept if key[0] in names]:
                    del kept[key]

    def _fresh(self, key: Key) -> tuple[float, Any] | None:
        found = self._kept.get(key)
        return found if found and found[0] > self._clock() else None

    def _keep(self, key: Key, seconds: float, answer: object) -> None:
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = (self._clock() + seconds, answer)
