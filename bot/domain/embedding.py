"""Sentence embeddings: numbers that are close for texts that mean the same.

They are an extra. Everything works without them, and better with them.
"""

from collections.abc import Sequence
from math import sqrt
from operator import mul
from typing import Final, Protocol

Embedding = tuple[float, ...]

# The numbers are between -1 and 1. One byte each keeps the order of likenesses.
_STEPS: Final = 127


class Embedder(Protocol):
    """Turns texts into embeddings of length 1. It may be slow: about 10 ms a text."""

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """Return one embedding for each text, in their order."""
        ...


def cosine(a: Sequence[float], b: Sequence[float]) -> float:
    """Return how close two embeddings of length 1 are: 1 for the same text, about 0 by chance.

    0 if one of them is empty.
    """
    return float(sum(map(mul, a, b)))


def pack(embedding: Embedding) -> bytes:
    """Return an embedding as one byte a number, scaled to its largest number."""
    largest = max(map(abs, embedding))
    return bytes(round(number / largest * _STEPS) & 0xFF for number in embedding)


def unpack(packed: bytes) -> Embedding:
    """Return the embedding of `pack`, with length 1 again."""
    numbers = memoryview(packed).cast("b").tolist()
    length = sqrt(sum(number * number for number in numbers))
    return tuple(number / length for number in numbers)
