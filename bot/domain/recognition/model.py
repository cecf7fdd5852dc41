"""A linear model over columns that hold or don't; its weights lie beside it in `weights.bin`.

The file holds, little-endian: a checksum of what the weights were trained on (uint32), the number
of lines (uint32), per line a step and an offset (float32), then per line a weight for each column
(int8, in steps). Columns are cues and situations by position, and hashes of words: no word can be
read back from them.
"""

import struct
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from math import tanh
from typing import Final, Self
from zlib import crc32

from bot.domain.recognition.context import ROLES, SITUATIONS
from bot.domain.recognition.cues import CUES
from bot.domain.recognition.layout import COLUMNS
from bot.domain.recognition.signs import SIGNS
from bot.domain.recognition.speech_acts import ACTS
from bot.domain.recognition.tokens import VOCABULARY

WEIGHTS: Final = "weights.bin"
# What a line of the model tells; the first are the speech acts.
LINES: Final = (*(act.value for act in ACTS), "standing", "settles", "small_talk")
_HEADER: Final = struct.Struct("<II")
_SCALE: Final = struct.Struct("<ff")
_LARGEST: Final = 127  # of an int8
# A weight lifted above zero takes 8 bits; a message has a few thousand columns at most.
_LIFT: Final = 128
_BITS: Final = 24
_MASK: Final = (1 << _BITS) - 1


def signature() -> int:
    """Return a checksum of what columns mean; weights for another meaning are useless."""
    meaning = (tuple(CUES.items()), VOCABULARY, ROLES, SITUATIONS, SIGNS, COLUMNS, LINES)
    return crc32(repr(meaning).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The weights of one claim: log odds are `offset` plus `step` times the weights that hold."""

    step: float
    offset: float
    weights: "array[int]"

    @classmethod
    def of(cls, weights: list[float], offset: float) -> Self:
        """Round real weights, one a column, to steps that an int8 can hold."""
        step = max(map(abs, weights)) / _LARGEST or 1.0
        return cls(
            step=step,
            offset=offset,
            weights=array("b", [round(weight / step) for weight in weights]),
        )

    def probability(self, weight: int) -> float:
        """Return how likely the claim is, 0 to 1, when the columns that hold weigh so much."""
        # The logistic function, in the form that no odds are too large for.
        return (1 + tanh((self.offset + self.step * weight) / 2)) / 2


@dataclass(frozen=True)
class Model:
    """A line for each of `LINES`."""

    trained_on: int
    lines: tuple[Line, ...]

    @cached_property
    def side_by_side(self) -> list[int]:
        """The weights of all lines for each column in one number, so that one sum adds them all."""
        return [
            sum(weight + _LIFT << at * _BITS for at, weight in enumerate(weights))
            for weights in zip(*(line.weights for line in self.lines), strict=True)
        ]

    def to_bytes(self) -> bytes:
        """Return the model as the bytes of `weights.bin`."""
        scales = b"".join(_SCALE.pack(line.step, line.offset) for line in self.lines)
        columns = b"".join(line.weights.tobytes() for line in self.lines)
        return _HEADER.pack(self.trained_on, len(self.lines)) + scales + columns

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a model from the bytes of `weights.bin`."""
        trained_on, lines_count = _HEADER.unpack_from(raw)
        at = _HEADER.size + lines_count * _SCALE.size
        scales = _SCALE.iter_unpack(raw[_HEADER.size : at])
        lines = (
            Line(step=step, offset=offset, weights=array("b", raw[start : start + COLUMNS]))
            for (step, offset), start in zip(scales, range(at, len(raw), COLUMNS), strict=True)
        )
        return cls(trained_on, tuple(lines))


@cache
def shipped() -> Model:
    """Return the model that the package carries, read once."""
    return Model.from_bytes(files(__package__).joinpath(WEIGHTS).read_bytes())


def probabilities(columns: Iterable[int]) -> list[float]:
    """Return how likely each of `LINES` is for a message for which these columns hold."""
    model, holding = shipped(), list(columns)
    weighed = sum(map(model.side_by_side.__getitem__, holding))
    return [
        line.probability((weighed >> at * _BITS & _MASK) - _LIFT * len(holding))
        for at, line in enumerate(model.lines)
    ]
