"""Phrases of a message that could name its matter: clauses without frames and trailing words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.listening.clauses import sentences, strip_greeting
from bot.domain.listening.frames import (
    is_filler,
    strip_frames,
    strip_joining,
    strip_trailing,
)

LONGEST_PHRASE: Final = 60  # characters; more isn't a title
_SHORTEST: Final = 3
_MOST_CLAUSES: Final = 3  # of one phrase
_LONGEST_MESSAGE: Final = 2000  # characters that are looked at; the rest is a log
_URL: Final = re.compile(r"<?https?://\S+>?|`{3}.*?`{3}", re.DOTALL)
_EMOJI: Final = re.compile(
    r"(?<!\w):[a-z0-9_+-]+:(?!\w)|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]|[:;]-?[()DP](?!\w)"
)
# Where a sentence falls into clauses.
_CLAUSE: Final = re.compile(
    r"\s*[,;:](?=\s)\s*|\s+[–—-]+\s+|\s*[()\"“”]\s*|\s*(?:→|->|\+\+|\.\.\.|…)\s*"
    r"|\s+(?=(?:and|but|because|since|so|cos|cause|until|till|while|when|if|which|who|unless|as"
    r"|although|though)\s)",
    re.IGNORECASE,
)
_OWN: Final = re.compile(r"(?:i|we|i'?(?:m|ve|ll|d)|we'?(?:re|ve|ll|d))\b", re.IGNORECASE)
_PREPOSITION: Final = re.compile(
    r"\s+(?=(?:for|in|at|on|with|from|since|by|after|before|until|till|of|out of|into|over|under"
    r"|between|during|without|via)\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a message. `at`: the place of its first clause in the message.

    `is_cut`: words after it were left out. `is_framed`: a frame at its start was removed. `asks`:
    it stood in a question. `is_own`: it says what its author does.
    """

    text: str
    at: int
    is_cut: bool
    is_framed: bool
    asks: bool
    is_own: bool


def find_phrases(text: str, named: frozenset[str] = frozenset()) -> Iterator[Phrase]:
    """Yield the phrases of a message that could name its matter, of at most 60 characters."""
    seen: set[str] = set()
    for phrase in _all_phrases(text, named):
        key = phrase.text.lower()
        if key not in seen:
            seen.add(key)
            yield phrase


def _all_phrases(text: str, named: frozenset[str]) -> Iterator[Phrase]:
    at = 0
    plain = _EMOJI.sub(" ", _URL.sub(" ", text[:_LONGEST_MESSAGE])).replace("`", "")
    for sentence in (part for line in plain.splitlines() for part in sentences(line)):
        said = strip_greeting(sentence, named)
        spans = list(_clauses(said))
        asks = sentence.rstrip().endswith("?")
        for first, (start, _) in enumerate(spans):
            for _, end in spans[first : first + _MOST_CLAUSES]:
                yield from _variants(said[start:end], at + first, asks=asks)
        at += len(spans)


def _clauses(sentence: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each clause of a sentence."""
    start = 0
    for match in _CLAUSE.finditer(sentence):
        if not is_filler(sentence[start : match.start()]):
            yield start, match.start()
        start = match.end()
    if not is_filler(sentence[start:]):
        yield start, len(sentence)


def _variants(clause: str, at: int, *, asks: bool) -> Iterator[Phrase]:
    """Yield a clause with and without its frame, whole and up to each of its prepositions."""
    whole = strip_joining(strip_trailing(clause))
    is_own = _OWN.match(whole) is not None and not asks
    bare = strip_frames(whole)
    for is_framed, text in ((False, whole), *([(True, bare)] if bare != whole else [])):
        for end in (len(text), *(match.start() for match in _PREPOSITION.finditer(text))):
            short = strip_trailing(text[:end])
            if _SHORTEST <= len(short) <= LONGEST_PHRASE and " " in short:
                yield Phrase(
                    short,
                    at,
                    is_cut=end != len(text),
                    is_framed=is_framed,
                    asks=asks,
                    is_own=is_own,
                )
