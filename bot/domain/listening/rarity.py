"""How rare a term is: among the threads heard here, and in operations chat in general."""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log
from typing import Final, Self

# Little-endian: the number of messages, then for each term its hash and in how many it occurs.
BACKGROUND: Final = "background.bin"
_HEADER: Final = struct.Struct("<I")
_TERM: Final = struct.Struct("<IH")
# What a workspace's own threads weigh, against operations chat in general.
_OWN: Final = 0.6
# Added to every count of the background, so that a rare word isn't taken for an unknown one.
_SMOOTHING: Final = 3
_LEAST: Final = 0.02


@dataclass(frozen=True, slots=True)
class Background:
    """In how many messages of general operations chat each term occurs."""

    messages: int
    counts: Mapping[int, int]

    def to_bytes(self) -> bytes:
        """Return the background as the bytes of `background.bin`."""
        rows = (_TERM.pack(term, min(count, 0xFFFF)) for term, count in sorted(self.counts.items()))
        return _HEADER.pack(self.messages) + b"".join(rows)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a background from the bytes of `background.bin`."""
        (messages,) = _HEADER.unpack_from(raw)
        return cls(messages, dict(_TERM.iter_unpack(raw[_HEADER.size :])))


@cache
def shipped_background() -> Background:
    """Return the background that the package carries, read once."""
    return Background.from_bytes(files(__package__).joinpath(BACKGROUND).read_bytes())


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare terms are, given how common they are in operations chat in general."""

    background: Background

    def among(self, threads: int, counts: Mapping[int, int]) -> Callable[[int], float]:
        """Return the rarity, 0 to 1, of a term that occurs in `counts` of so many threads."""
        general, messages = self.background.counts, self.background.messages + 1
        known: dict[int, float] = {}
        log_threads, log_messages = log(threads + 2), log(messages)

        def rarity(term: int) -> float:
            value = known.get(term)
            if value is None:
                own = log((threads + 1) / (min(counts.get(term, 0), threads) + 0.5)) / log_threads
                common = log(messages / (general.get(term, 0) + _SMOOTHING)) / log_messages
                value = known[term] = max(_LEAST, _OWN * own + (1 - _OWN) * common)
            return value

        return rarity
