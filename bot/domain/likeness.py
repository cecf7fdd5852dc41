"""How similar two messages are, and whether an entry covers a question.

Both compare content words only, without small talk, names, numbers and links.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from math import sqrt
from typing import Final

from bot.domain.recognition.stopwords import SUBJECTS, TALK
from bot.domain.recognition.words import PLAIN, SPELLINGS

# From this likeness on, two texts are about the same matter.
SAME_PATH: Final = 0.27
# From this share on, an entry covers a question.
COVERED: Final = 0.6
# A message says what it is about in this many characters.
ABOUT: Final = 500
# With fewer shared terms than `FEWEST`, likeness is chance; with fewer than `TELLING`, it counts
# for less.
FEWEST: Final = 2
TELLING: Final = 2.5

# Pasted code of several lines, and fences, even unclosed ones.
_CODE: Final = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*\n[^`]{0,4000}`", re.DOTALL)
_DROPPED: Final = re.compile(
    r"(?:https?|ssh|ftp|file)://\S+"
    r"|[@#][\w.+-]+"
    r"|:[a-z0-9_+'-]+:"
    r"|(?<!\S)[^\s/\\_=]*[/\\_=]\S*"  # paths, options, names of variables
    r"|(?<![\w-])[\w-]+(?:\.[\w-]+)+"  # hosts, files, versions
    r"|(?<![\w-])[\w-]*\d[\w-]*",  # numbers and ids
)
_WORD: Final = re.compile(r"[^\W\d_]{3,24}(?:'[a-z]{1,2})?")

_SUFFIXES: Final = ("ings", "ing", "ied", "ies", "ed", "es", "s")
_SHORTEST: Final = 3  # letters of a stem


def _stem(word: str) -> str:
    """Return a word without its ending, so that restart, restarts and restarted are the same."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and not word.endswith("ss"):
            stem = word.removesuffix(suffix)
            if len(stem) < _SHORTEST:
                return word
            if suffix in ("ied", "ies"):
                return stem + "y"
            doubled = stem[-1] == stem[-2] and stem[-1] not in "lsz"
            return stem[:-1] if doubled else stem.removesuffix("e")
    return word.removesuffix("e") if len(word) > _SHORTEST else word


_STOPPED: Final = frozenset(
    _stem(word.split("'")[0]) for word in (*PLAIN.split(), *SPELLINGS, *TALK.split())
) - {_stem(word) for word in SUBJECTS.split()}


def terms(text: str, *, first: int | None = ABOUT) -> frozenset[str]:
    """Return the stems of a text's content words, without talk, names, numbers and links.

    Only the `first` characters count: a message first says what it is about, then pastes output.
    """
    plain = _CODE.sub(" ", text)[:first].lower().replace("\u2019", "'")
    return frozenset().union(*map(_subjects, plain.split()))


@lru_cache(maxsize=1 << 13)
def _subjects(word: str) -> frozenset[str]:
    """Return the terms in the characters between two spaces.

    The cache works because people use the same few thousand words nearly all the time.
    """
    plain_words = _WORD.findall(_DROPPED.sub(" ", word))
    return frozenset(_stem(plain.split("'")[0]) for plain in plain_words) - _STOPPED


def similarity(a: frozenset[str], b: frozenset[str]) -> float:
    """Return how similar two texts are, 0 to 1: the cosine of their terms.

    A single shared term counts as 0, because it may be chance.
    """
    shared = len(a & b)
    if shared < FEWEST:
        return 0.0
    cosine = shared / sqrt(len(a) * len(b))
    return min(1.0, cosine * min(1.0, shared / TELLING))


def coverage(question: frozenset[str], entry: Collection[str]) -> float:
    """Return the share, 0 to 1, of a question's terms that an entry has; one term counts as 0."""
    shared = sum(term in entry for term in question)
    return shared / len(question) if shared >= FEWEST else 0.0
