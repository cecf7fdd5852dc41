"""A linear model over the features; its weights lie beside it in `weights.bin`.

The file holds, little-endian: a check sum of what the weights were trained on (uint32), the number
of acts (uint32), per act a step and an offset (float32), then per act a weight for each column
(int8, in steps). Columns are cues by position and hashed runs: no word can be read back from them.
"""

import struct
from array import array
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from math import tanh
from typing import Final, Self
from zlib import crc32

from bot.domain.recognition.cues import CUES
from bot.domain.recognition.features import COLUMNS, features
from bot.domain.recognition.tokens import VOCABULARY

WEIGHTS: Final = "weights.bin"
_HEADER: Final = struct.Struct("<II")
_SCALE: Final = struct.Struct("<ff")
_LARGEST: Final = 127  # of an int8
# A weight lifted above zero takes 8 bits, and so does each of a few thousand columns more at most.
_LIFT: Final = 128
_BITS: Final = 32
_MASK: Final = (1 << _BITS) - 1


def signature() -> int:
    """Return a checksum of cues and vocabulary; weights for another one are meaningless."""
    return crc32(repr((tuple(CUES.items()), VOCABULARY, COLUMNS)).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The weights of one act: log odds are `offset` plus `step` times the weights that hold."""

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
        """Return how likely the act is, 0 to 1, when the columns that hold weigh so much."""
        # The logistic function, in the form that no odds are too large for.
        return (1 + tanh((self.offset + self.step * weight) / 2)) / 2


@dataclass(frozen=True)
class Model:
    """A line an act, in the order of the acts."""

    trained_on: int
    lines: tuple[Line, ...]

    @cached_property
    def side_by_side(self) -> list[int]:
        """The weights of all acts for each column in one number, so that one sum adds them all."""
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
        trained_on, acts = _HEADER.unpack_from(raw)
        at = _HEADER.size + acts * _SCALE.size
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


def probabilities(text: str) -> list[float]:
    """Return how likely each act is, in the order of the model's lines."""
    columns, model = features(text), shipped()
    weighed = sum(map(model.side_by_side.__getitem__, columns))
    return [
        line.probability((weighed >> at * _BITS & _MASK) - _LIFT * len(columns))
        for at, line in enumerate(model.lines)
    ]
