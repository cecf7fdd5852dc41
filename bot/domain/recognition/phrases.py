"""Finding the cues in a message, by searching only for phrases whose rarest part is in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce
from math import prod
from operator import or_
from typing import Final, Self

from bot.domain.recognition.cues import CUES, MARKS, optional, pattern
from bot.domain.recognition.tokens import CODE, SENTENCE, UNKNOWN

# Tokens that are looked at together.
_WINDOW: Final = 3
# How often each of these tokens occurs in a thousand, roughly; any other token counts as one.
_SMALL: Final = """
    the a to i is it that of and in for this we you on be so not with but or are have can do if was
    as at my from there what an just ? @p 0 url code
"""
_OFTEN: Final = {CODE[token]: 20 for token in _SMALL.split()} | {
    CODE[UNKNOWN]: 300,
    CODE[SENTENCE]: 80,
}


def _plain(step: str) -> bool:
    """Return whether a step is one required token."""
    return step not in MARKS and ">" not in step.split("|") and not optional(step)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    """A phrase of a cue, and its rarest part: at most three neighboring tokens."""

    cue: int
    pattern: re.Pattern[str]
    part: tuple[frozenset[str], ...]
    whole: bool

    @classmethod
    def of(cls, cue: int, phrase: str) -> Self:
        steps = phrase.split()
        parts = [
            tuple(frozenset(CODE[name] for name in step.split("|")) for step in steps[start:end])
            for start in range(len(steps))
            for end in range(start + 1, min(start + _WINDOW, len(steps)) + 1)
            if all(map(_plain, steps[start:end]))
        ]
        part = min(parts, key=_commonness, default=())
        # The frame of a message looks like the end of a sentence, and is no token of it.
        whole = len(part) == len(steps) and not any(CODE[SENTENCE] in codes for codes in part)
        return cls(cue=cue, pattern=re.compile(pattern(phrase)), part=part, whole=whole)


def _commonness(part: tuple[frozenset[str], ...]) -> float:
    """Return roughly how often some neighboring tokens occur in chat."""
    return prod(sum(_OFTEN.get(code, 1) for code in codes) / 1000 for codes in part)


@cache
def _phrases() -> tuple[_Phrase, ...]:
    return tuple(
        _Phrase.of(cue, phrase)
        for cue, phrases in enumerate(CUES.values())
        for phrase in phrases.split(";")
    )


@cache
def _always() -> int:
    """Return, as bits, the phrases without a required token."""
    return sum(1 << at for at, phrase in enumerate(_phrases()) if not phrase.part)


@cache
def _places() -> tuple[dict[str, int], ...]:
    """Return, as bits, the phrases that allow a code last, before that, and first in a window."""
    places = []
    for back in range(1, _WINDOW + 1):
        free = sum(1 << at for at, phrase in enumerate(_phrases()) if 0 < len(phrase.part) < back)
        allowed = dict.fromkeys([*CODE.values(), "\0"], free)
        for at, phrase in enumerate(_phrases()):
            for code in phrase.part[-back] if len(phrase.part) >= back else ():
                allowed[code] |= 1 << at
        places.append(allowed)
    return tuple(places)


def given(first: str, second: str, third: str) -> int:
    """Return, as bits, the phrases whose rarest part ends a window of three codes."""
    last, middle, before = _places()
    return last[third] & middle[second] & before[first]


def held(codes: str, may_be: Iterable[int]) -> set[int]:
    """Return the cues, by position, that an encoded message holds.

    Only phrases that are `given` by some window of it are looked for: few, in most messages.
    """
    to_try = reduce(or_, may_be, _always())
    phrases = _phrases()
    found: set[int] = set()
    while to_try:
        phrase = phrases[(to_try & -to_try).bit_length() - 1]
        to_try &= to_try - 1
        if phrase.cue not in found and (phrase.whole or phrase.pattern.search(codes)):
            found.add(phrase.cue)
    return found
