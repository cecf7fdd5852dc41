"""What the recogniser sees of a message: which cues it holds and which runs of words, hashed."""

from typing import Final

from bot.domain.recognition.cues import CODE, CUES, encode, patterns
from bot.domain.recognition.tokens import SENTENCE, tokens

BUCKETS: Final = 1 << 12
# Lengths in words, above which a message is of the next size.
_SIZES: Final = (3, 7, 14, 28, 56)
_SHAPES: Final = len(_SIZES) + 4

CUES_AT: Final = _SHAPES
RUNS_AT: Final = _SHAPES + len(CUES)
COLUMNS: Final = RUNS_AT + BUCKETS

_END: Final = CODE[SENTENCE]


def _shape(encoded: str) -> set[int]:
    """Return the columns of size, of mentions and of more than one question."""
    people = encoded.count(CODE["@p"]) + encoded.count(CODE["@t"]) + encoded.count(CODE["@all"])
    found = {sum(len(encoded) > size for size in _SIZES)}
    if people:
        found.add(len(_SIZES) + (1 if people == 1 else 2))
    if encoded.count(CODE["?"]) > 1:
        found.add(len(_SIZES) + 3)
    return found


def _runs(encoded: str) -> set[int]:
    """Return the columns of runs of one to three words, hashed without a seed."""
    framed = [ord(code) for code in f"{_END}{encoded}{_END}"]
    mask = BUCKETS - 1
    found = set()
    one = two = 0
    for word in framed:
        # Odd multipliers; any that spread neighbouring codes would do.
        pair = (one * 0x9E3779B1 ^ word * 0x85EBCA6B) & 0xFFFFFFFF
        three = (two * 0xC2B2AE35 ^ word * 0x27D4EB2F) & 0xFFFFFFFF
        found.add(RUNS_AT + ((word * 0x9E3779B1 >> 13) & mask))
        found.add(RUNS_AT + ((pair >> 15) & mask))
        found.add(RUNS_AT + ((three >> 17) & mask))
        one, two = word, pair
    return found


def features(text: str) -> set[int]:
    """Return the columns, each below `COLUMNS`, that hold for a plain text."""
    encoded = encode(tokens(text))
    found = _shape(encoded) | _runs(encoded)
    found.update(
        column for column, cue in enumerate(patterns(), CUES_AT) if cue.search(encoded) is not None
    )
    return found
