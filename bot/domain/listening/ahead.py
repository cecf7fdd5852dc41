"""Reading messages before the listener hears them, perhaps in another process."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import Heard, hear
from bot.domain.listening.threads import MOST_MESSAGES, Root
from bot.domain.recognition import read

# The latest threads are kept, because older ones seldom go on.
_THREADS: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAhead:
    """The features of a message that isn't heard yet.

    `before`: how many earlier messages of its thread it was read with.
    """

    heard: Heard
    before: int


class AheadReader:
    """Reads messages in the order of time, each with the earlier ones of its thread."""

    def __init__(self, names: frozenset[str], most: int = _THREADS) -> None:
        """Take in the stems of people's names, see `name_stems`, and how many threads to keep."""
        self._names, self._most = names, most
        self._threads: OrderedDict[Root, list[Said]] = OrderedDict()

    def read(self, said: Said) -> ReadAhead:
        """Read a message as the listener would, unless the listener forgot its thread."""
        root = (said.channel, said.root)
        before = self._threads.setdefault(root, [])
        self._threads.move_to_end(root)
        if len(self._threads) > self._most:
            self._threads.popitem(last=False)
        features = hear(said, read(said, before), self._names)
        ahead = ReadAhead(heard=features, before=len(before))
        if len(before) < MOST_MESSAGES:
            before.append(said)
        return ahead
