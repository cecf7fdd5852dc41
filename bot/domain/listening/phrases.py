"""Phrases of a message that could name its matter: clauses without frames and trailing words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.listening.clauses import sentences, strip_greeting
from bot.domain.listening.frames import (
    is_filler,
    strip_determiner,
    strip_frames,
    strip_joining,
    strip_trailing,
)

LONGEST_PHRASE: Final = 60  # characters; more isn't a title
_SHORTEST: Final = 3
_MOST_CLAUSES: Final = 3  # of one phrase
_LONGEST_MESSAGE: Final = 2000  # characters that are looked at; the rest is a log
_URL: Final = re.compile(r"<?https?://\S+>?|`{3}.*?`{3}", re.DOTALL)
# An aside between brackets, and words that were quoted from a screen or typed as code.
_ASIDE: Final = re.compile(r"\s*\([^()]{0,200}\)")
_QUOTED: Final = re.compile(r"[\"“”`]([^\"“”`\n]{3,80})[\"“”`]")
_SENTENCE: Final = re.compile(r"[.!?,;:](?=\s)")
_QUOTES: Final = re.compile(r"[\"“”`]")
_EMOJI: Final = re.compile(
    r"(?<!\w):[a-z0-9_+-]+:(?!\w)|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]|[:;]-?[()DP](?!\w)"
)
# Where a sentence falls into clauses.
_CLAUSE: Final = re.compile(
    r"\s*[,;:](?=\s)\s*|\s+[–—-]+\s+|\s*[()]\s*|\s*(?:→|->|\+\+|\.\.\.|…)\s*"
    r"|\s+(?=(?:and|but|because|since|so|cos|cause|until|till|while|when|if|which|who|unless|as"
    r"|although|though)\s)",
    re.IGNORECASE,
)
_OWN: Final = re.compile(r"(?:i|we|i'?(?:m|ve|ll|d)|we'?(?:re|ve|ll|d))\b", re.IGNORECASE)
_THEIRS: Final = re.compile(
    r"(?:he|she|they|it|someone|somebody|who)(?:'?(?:s|re|ve|ll|d))?\b", re.IGNORECASE
)
_PREPOSITION: Final = re.compile(
    r"\s+(?=(?:for|in|at|on|with|from|since|by|after|before|until|till|of|out of|into|over|under"
    r"|between|during|without|via)\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a message. `at`: the place of its first clause in the message.

    `rest`: the words after it that were left out. `is_framed`: a frame at its start was removed.
    `asks`: it stood in a question. `is_own`: it says what its author does. `is_quoted`: the message
    quotes it. `lacks_subject`: it says what a pronoun does. `clauses`: how many it joins.
    """

    text: str
    at: int
    rest: str
    is_framed: bool
    asks: bool
    is_own: bool
    is_quoted: bool
    lacks_subject: bool
    clauses: int


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
    marked = _EMOJI.sub(" ", _URL.sub(" ", text[:_LONGEST_MESSAGE]))
    yield from _quotations(marked)
    plain = _ASIDE.sub("", _QUOTES.sub("", marked))
    for sentence in (part for line in plain.splitlines() for part in sentences(line)):
        said = strip_greeting(sentence, named)
        spans = list(_clauses(said))
        asks = sentence.rstrip().endswith("?")
        for first, (start, _) in enumerate(spans):
            for count, (_, end) in enumerate(spans[first : first + _MOST_CLAUSES], 1):
                yield from _variants(said[start:end], at + first, count, asks=asks)
        at += len(spans)


def _quotations(text: str) -> Iterator[Phrase]:
    """Yield what a message quotes, such as the words of an error."""
    for match in _QUOTED.finditer(text):
        quoted = " ".join(match.group(1).split()).strip()
        if _SHORTEST <= len(quoted) <= LONGEST_PHRASE and " " in quoted:
            yield Phrase(
                quoted,
                len(_SENTENCE.findall(text[: match.start()])),
                rest="",
                is_framed=False,
                asks=False,
                is_own=False,
                is_quoted=True,
                lacks_subject=False,
                clauses=1,
            )


def _clauses(sentence: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each clause of a sentence."""
    start = 0
    for match in _CLAUSE.finditer(sentence):
        if not is_filler(sentence[start : match.start()]):
            yield start, match.start()
        start = match.end()
    if not is_filler(sentence[start:]):
        yield start, len(sentence)


def _variants(clause: str, at: int, clauses: int, *, asks: bool) -> Iterator[Phrase]:
    """Yield a clause with and without its frame, whole and up to each of its prepositions."""
    whole = strip_joining(strip_trailing(clause))
    is_own = _OWN.match(whole) is not None and not asks
    lacks_subject = _THEIRS.match(whole) is not None
    bare = strip_frames(whole)
    for is_framed, text in ((False, whole), *([(True, bare)] if bare != whole else [])):
        for end in (len(text), *(match.start() for match in _PREPOSITION.finditer(text))):
            short = strip_determiner(strip_trailing(text[:end]))
            if _SHORTEST <= len(short) <= LONGEST_PHRASE and " " in short:
                yield Phrase(
                    short,
                    at,
                    rest=text[end:],
                    is_framed=is_framed,
                    asks=asks,
                    is_own=is_own,
                    is_quoted=False,
                    lacks_subject=lacks_subject,
                    clauses=clauses,
                )
