"""The features of a message: its cues, and its hashed runs of words."""

from bisect import bisect_left
from typing import Final

from bot.domain.recognition.cache import Kept
from bot.domain.recognition.cues import CUES
from bot.domain.recognition.phrases import given, held
from bot.domain.recognition.tokens import CODE, SENTENCE, encoded

BUCKETS: Final = 1 << 12
# Lengths in words, above which a message is of the next size.
_SIZES: Final = (3, 7, 14, 28, 56)
_SHAPES: Final = len(_SIZES) + 4

CUES_AT: Final = _SHAPES
RUNS_AT: Final = _SHAPES + len(CUES)
COLUMNS: Final = RUNS_AT + BUCKETS

_END: Final = CODE[SENTENCE]
_PEOPLE: Final = (CODE["@p"], CODE["@t"], CODE["@all"])


def _shape(codes: str) -> set[int]:
    """Return the columns of size, of mentions and of more than one question."""
    people = sum(map(codes.count, _PEOPLE))
    found = {bisect_left(_SIZES, len(codes))}
    if people:
        found.add(len(_SIZES) + (1 if people == 1 else 2))
    if codes.count(CODE["?"]) > 1:
        found.add(len(_SIZES) + 3)
    return found


def _ending(window: str) -> tuple[int, int, int, int]:
    """Return what ends with a window of three words: the columns of its runs, and given phrases.

    Those are the runs of one, two and three words, hashed without a seed.
    """
    before, middle, word = map(ord, window)
    # Odd multipliers; any that spread neighbouring codes would do.
    earlier = (before * 0x9E3779B1 ^ middle * 0x85EBCA6B) & 0xFFFFFFFF
    pair = (middle * 0x9E3779B1 ^ word * 0x85EBCA6B) & 0xFFFFFFFF
    three = (earlier * 0xC2B2AE35 ^ word * 0x27D4EB2F) & 0xFFFFFFFF
    mask = BUCKETS - 1
    return (
        RUNS_AT + ((word * 0x9E3779B1 >> 13) & mask),
        RUNS_AT + ((pair >> 15) & mask),
        RUNS_AT + ((three >> 17) & mask),
        given(*window),
    )


# Most runs consist of common words, so a cache of this size finds nearly all of them.
_ENDINGS: Final = Kept(_ending, 1 << 14)


def features(text: str) -> set[int]:
    """Return the columns, each below `COLUMNS`, that hold for a plain text."""
    codes = encoded(text)
    framed = f"\0\0{_END}{codes}{_END}"
    windows = [framed[at : at + 3] for at in range(len(codes) + 2)]
    one, two, three, phrases = zip(*map(_ENDINGS.__getitem__, windows), strict=True)
    found = _shape(codes)
    found.update(one, two, three, [CUES_AT + at for at in held(codes, set(phrases))])
    return found
