"""Words that mean about the same: `password` and `credentials`, `laptop` and `notebook`.

The table beside this module holds, for each of 14,000 English stems, its nearest others by the
sentence model all-MiniLM-L6-v2 (Apache-2.0); `tests/recognition/build_related.py` makes it. It is
compressed and holds, little-endian: the length of the stems (uint32), the stems by frequency, one
a line, then for each stem `NEAREST` indexes (uint16) and then likenesses (uint8, in 255ths).
"""

import struct
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Self
from zlib import decompress

NEAREST: Final = 16
TABLE: Final = "related.bin"
_HEADER: Final = struct.Struct("<I")
_FULL: Final = 255


@dataclass(frozen=True)
class Table:
    """Stems by frequency, and for each the nearest others with their likenesses."""

    stems: list[str]
    index: dict[str, int]
    nearest: "array[int]"
    likeness: bytes

    @classmethod
    def read(cls, packed: bytes) -> Self:
        """Read the file."""
        data = decompress(packed)
        (length,) = _HEADER.unpack_from(data)
        stems = data[_HEADER.size : _HEADER.size + length].decode().split("\n")
        at, cells = _HEADER.size + length, len(stems) * NEAREST
        nearest = array("H", data[at : at + 2 * cells])
        index = {stem: place for place, stem in enumerate(stems)}
        return cls(stems, index, nearest, data[at + 2 * cells :])


@cache
def load_table() -> Table:
    """Return the table; the first call takes about 20 ms."""
    return Table.read(files("bot.domain").joinpath(TABLE).read_bytes())


@lru_cache(maxsize=1 << 12)
def related(stem: str) -> Mapping[str, float]:
    """Return the stems that mean about the same as this one, with their likeness, 0 to 1."""
    table = load_table()
    place = table.index.get(stem)
    if place is None:
        return MappingProxyType({})
    cells = range(place * NEAREST, (place + 1) * NEAREST)
    return MappingProxyType(
        {
            table.stems[table.nearest[cell]]: table.likeness[cell] / _FULL
            for cell in cells
            if table.likeness[cell]
        }
    )


def is_common(stem: str) -> bool:
    """Return whether a stem is in the table, so that it is a word and no slip."""
    return stem in load_table().index
