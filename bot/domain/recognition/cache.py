"""Results kept by the piece of text that they are of."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Kept(dict[str, T]):
    """What `made` makes of a text; once there are `most`, all are forgotten.

    As functools.lru_cache, which also writes down the order of use: it touches three times the
    memory, and that is what a lookup costs among a thread's other work.
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
