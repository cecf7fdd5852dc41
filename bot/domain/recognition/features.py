"""What the recogniser sees of a message: which cues it holds and which runs of words, hashed."""

from functools import lru_cache
from typing import Final

from bot.domain.recognition.cues import CUES, held
from bot.domain.recognition.tokens import CODE, SENTENCE, encoded

BUCKETS: Final = 1 << 12
# Lengths in words, above which a message is of the next size.
_SIZES: Final = (3, 7, 14, 28, 56)
_SHAPES: Final = len(_SIZES) + 4

CUES_AT: Final = _SHAPES
RUNS_AT: Final = _SHAPES + len(CUES)
COLUMNS: Final = RUNS_AT + BUCKETS

_END: Final = CODE[SENTENCE]


def _shape(codes: str) -> set[int]:
    """Return the columns of size, of mentions and of more than one question."""
    people = codes.count(CODE["@p"]) + codes.count(CODE["@t"]) + codes.count(CODE["@all"])
    found = {sum(len(codes) > size for size in _SIZES)}
    if people:
        found.add(len(_SIZES) + (1 if people == 1 else 2))
    if codes.count(CODE["?"]) > 1:
        found.add(len(_SIZES) + 3)
    return found


@lru_cache(maxsize=1 << 15)
def _ending(window: str) -> tuple[int, int, int]:
    """Return the columns of the runs of one, two and three words that end with a window of three.

    Kept, for the runs of common words are nearly all that is ever said.
    """
    first, second, word = (ord(code) for code in window)
    # Odd multipliers; any that spread neighbouring codes would do.
    earlier = (first * 0x9E3779B1 ^ second * 0x85EBCA6B) & 0xFFFFFFFF
    pair = (second * 0x9E3779B1 ^ word * 0x85EBCA6B) & 0xFFFFFFFF
    three = (earlier * 0xC2B2AE35 ^ word * 0x27D4EB2F) & 0xFFFFFFFF
    mask = BUCKETS - 1
    return (
        RUNS_AT + ((word * 0x9E3779B1 >> 13) & mask),
        RUNS_AT + ((pair >> 15) & mask),
        RUNS_AT + ((three >> 17) & mask),
    )


def _runs(codes: str) -> set[int]:
    """Return the columns of runs of one to three words, hashed without a seed."""
    framed = f"\0\0{_END}{codes}{_END}"
    windows = map("".join, zip(framed, framed[1:], framed[2:], strict=False))
    return set().union(*map(_ending, windows))


def features(text: str) -> set[int]:
    """Return the columns, each below `COLUMNS`, that hold for a plain text."""
    codes = encoded(text)
    found = _shape(codes) | _runs(codes)
    found.update(CUES_AT + at for at in held(codes))
    return found
