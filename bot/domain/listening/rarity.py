"""How rare a term is: among the threads heard here, and in operations chat in general."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import fsum, log, sqrt
from typing import Final, Self

# Little-endian: the number of messages, then for each term its hash and in how many it occurs.
BACKGROUND: Final = "background.bin"
_HEADER: Final = struct.Struct("<I")
_TERM: Final = struct.Struct("<IH")
# The weight of a workspace's own threads, against operations chat in general.
_OWN: Final = 0.6
# Added to every count of the background, so that a rare word isn't taken for an unknown one.
_SMOOTHING: Final = 3
_UNKNOWN: Final = log(_SMOOTHING)
_LEAST: Final = 0.02
# The logarithms of most counts, because they are needed all the time.
_FEW: Final = 64
_LOGARITHMS: Final = tuple(log(count + 0.5) for count in range(_FEW))
# Rarities change slowly, so they are computed again after this part of all threads was added, or
# was placed, which changes counts too when as many are forgotten.
_ADDED: Final = 0.1
_PLACED: Final = 0.3
# Among fewer threads, one more makes a difference.
_MANY: Final = 1000

Ids = frozenset[int]


@dataclass(frozen=True, slots=True)
class Background:
    """In how many messages of general operations chat each term occurs.

    `logarithms`: of the counts, smoothed.
    """

    messages: int
    counts: Mapping[int, int]
    logarithms: Mapping[int, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        logarithms = {term: log(count + _SMOOTHING) for term, count in self.counts.items()}
        object.__setattr__(self, "logarithms", logarithms)

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


class Rarities(dict[int, float]):
    """How rare each term is, 0 to 1, computed when it is first asked for.

    Sums over a set of terms are kept, because a thread is compared with many others.
    """

    def __init__(self, background: Background, threads: int, counts: Mapping[int, int]) -> None:
        """Take in how many of so many threads each term occurs."""
        super().__init__()
        self.threads = threads
        self._general, self._counts = background.logarithms, counts
        self._own = _OWN / log(threads + 2)
        self._common = (1 - _OWN) / log(background.messages + 1)
        self._offset = self._own * log(threads + 1) + (1 - _OWN)
        self._squared = _Squares(self)
        self._lengths: dict[Ids, float] = {}
        self._totals: dict[Ids, float] = {}

    def __missing__(self, term: int) -> float:
        count = min(self._counts.get(term, 0), self.threads)
        own = _LOGARITHMS[count] if count < _FEW else log(count + 0.5)
        common = self._general.get(term, _UNKNOWN)
        value = self[term] = max(_LEAST, self._offset - self._own * own - self._common * common)
        return value

    def squares(self, ids: Ids) -> float:
        """Return the sum of the terms' squared rarities."""
        return fsum(map(self._squared.__getitem__, ids))

    def length(self, ids: Ids) -> float:
        """Return the length of a set of terms, as a vector of their rarities."""
        value = self._lengths.get(ids)
        if value is None:
            value = self._lengths[ids] = sqrt(self.squares(ids))
        return value

    def total(self, ids: Ids) -> float:
        """Return the sum of the terms' rarities."""
        value = self._totals.get(ids)
        if value is None:
            value = self._totals[ids] = fsum(map(self.__getitem__, ids))
        return value


class _Squares(dict[int, float]):
    """The squares of rarities, computed when they are first asked for."""

    def __init__(self, rarities: Rarities) -> None:
        super().__init__()
        self._rarities = rarities

    def __missing__(self, term: int) -> float:
        rarity = self._rarities[term]
        value = self[term] = rarity * rarity
        return value


@dataclass(slots=True)
class Rarity:
    """How rare terms are, given how common they are in operations chat in general."""

    background: Background
    _latest: tuple[Mapping[int, int], Rarities] | None = None
    _uses: int = 0

    def among(self, threads: int, counts: Mapping[int, int]) -> Rarities:
        """Return how rare terms are that occur in `counts` of so many threads.

        If the same counts of many threads grow, the earlier rarities are used for a while. So they
        are if as many threads are forgotten as are added, but not for long: the counts change.
        """
        if self._latest is not None and self._latest[0] is counts and threads >= _MANY:
            rarities = self._latest[1]
            self._uses += 1
            is_close = abs(threads - rarities.threads) <= _ADDED * rarities.threads
            if is_close and self._uses <= _PLACED * rarities.threads:
                return rarities
        rarities = Rarities(self.background, threads, counts)
        self._latest, self._uses = (counts, rarities), 0
        return rarities
