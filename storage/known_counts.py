"""Counts of terms that were read lately, so that they aren't read again for each message."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from bot.domain.entries import ChannelId, TeamId

# The key of a session's `info`.
KNOWN_COUNTS: Final = "opslore_known_counts"
# Among fewer threads, one more makes a difference, so their counts aren't kept.
_MANY: Final = 1000
# Rarities change slowly. Counts that other processes change are read again after this part of all
# threads was added or deleted.
_CHANGED: Final = 0.02
# At most 8 times 20,000 counts take 16 MB.
_CHANNELS: Final = 8
_TERMS: Final = 20_000


@dataclass(slots=True)
class _Channel:
    """Counts of a channel, begun when it had so many threads."""

    threads: int
    counts: dict[int, int] = field(default_factory=dict)


class KnownCounts:
    """Of a few channels with many threads, in how many of them terms occur; a little old."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: OrderedDict[tuple[TeamId, ChannelId], _Channel] = OrderedDict()

    def of(self, team: TeamId, channel: ChannelId, threads: int) -> dict[int, int]:
        """Return a channel's counts, to use and to fill. `threads`: how many it has now.

        If they are few, nothing that is filled in is kept.
        """
        if threads < _MANY:
            return {}
        with self._lock:
            known = self._channels.pop((team, channel), None)
            if (
                known is None
                or abs(threads - known.threads) > _CHANGED * known.threads
                or len(known.counts) > _TERMS
            ):
                known = _Channel(threads)
            self._channels[team, channel] = known
            if len(self._channels) > _CHANNELS:
                self._channels.popitem(last=False)
            return known.counts
