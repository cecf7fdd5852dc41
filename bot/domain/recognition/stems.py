"""A message's words as numbers: hashes of stems, from which no word can be read back."""

import re
from itertools import pairwise
from typing import Final
from zlib import crc32

from bot.domain.recognition.cache import Kept
from bot.domain.recognition.tokens import shorten
from bot.domain.stemming import stem

_TOKEN: Final = re.compile(
    r"@[\w.-]+|https?://\S+|[^\W\d_][\w']*|\d[\w.:,%/-]*|:[a-z_]+:|`[^`]*`|[?.!;\n]"
)
# A word of at most this many letters is its own stem.
_SHORT: Final = 3
_SPREAD: Final = 0x9E3779B1  # any odd number whose bits look random
_BITS: Final = 32
_MASK: Final = (1 << _BITS) - 1


def _normalize(token: str) -> str:
    """Return a token's stem; a name, a number, code, a link or an end is only its kind."""
    first = token[0]
    if first in "@`":
        return first
    if first.isdigit():
        return "0"
    if "://" in token:
        return "//"
    if first in ".!;\n":
        return "."
    plain = first in "?:" or "'" in token or len(token) <= _SHORT
    return token if plain else stem(token)


def _hash(token: str) -> int:
    return crc32(_normalize(token).encode("utf-8", "surrogatepass"))


_HASHES: Final = Kept(_hash, 1 << 14)
_END: Final = _hash(".")


def hash_stems(text: str) -> list[int]:
    """Return the hashes of a text's stems in order; several ends of a sentence are one."""
    hashes: list[int] = []
    for token in _TOKEN.findall(shorten(text).lower().replace("\u2019", "'")):
        number = _HASHES[token]
        if number != _END or (hashes and hashes[-1] != _END):
            hashes.append(number)
    return hashes


def spread(number: int, bits: int) -> int:
    """Return a number of so many bits, about equally often each."""
    return (number * _SPREAD & _MASK) >> (_BITS - bits)


def bucket_stems(hashes: list[int], bits: int) -> set[int]:
    """Return the buckets of single stems and of pairs of neighbors."""
    framed = [_END, *hashes, _END]
    buckets = {spread(number, bits) for number in hashes}
    buckets.update([spread(first * 5 + second * 3 + 1, bits) for first, second in pairwise(framed)])
    return buckets
