"""A cache of results by the text that they are for."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Kept(dict[str, T]):
    """A cache of `made` for each text. When it has `most` results, it forgets all of them.

    functools.lru_cache also records the order of use, which touches three times the memory. In a
    thread with other work, memory access is most of the cost of a lookup.
    """

    def __init__(self, made: Callable[[str], T], most: int) -> None:
        super().__init__()
        self._made = made
        self._most = most

    def __missing__(self, text: str) -> T:
        if len(self) >= self._most:
            self.clear()
        found = self[text] = self._made(text)
        return found
