"""How alike two messages are in what they speak of, and whether an entry covers a question.

Measured on content words alone: what remains when talk, names, numbers and links are taken away.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from math import log, sqrt
from types import MappingProxyType
from typing import Final

from bot.domain.recognition.stopwords import SUBJECTS, TALK
from bot.domain.recognition.words import PLAIN, SPELLINGS

Terms = frozenset[str] | Mapping[str, int]

# At this likeness and above, a message goes down the path that it is compared with.
SAME_PATH: Final = 0.27
# At this share and above, an entry speaks of what is asked.
COVERED: Final = 0.6
# Characters of a message in which it says what it is about.
ABOUT: Final = 500
# Shared terms below which likeness is chance, and the sum of rarities from which it is full.
FEWEST: Final = 2
TELLING: Final = 2.5
# Paths of a quiet channel that are imagined to stand beside those there are: rarity needs company.
IMAGINED: Final = 20
NO_RARITY: Final[Mapping[str, float]] = MappingProxyType({})

# Pasted code of several lines, and fences, also one that is never closed.
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
    """Return a word without its ending: enough to make one of restart, restarts and restarted."""
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
    """Return what a text speaks of: stems of its words without talk, names, numbers and links.

    Only its `first` characters count, for a message says at once what it is about and then pastes.
    """
    plain = _CODE.sub(" ", text)[:first].lower().replace("\u2019", "'")
    return frozenset().union(*map(_subjects, plain.split()))


@lru_cache(maxsize=1 << 13)
def _subjects(word: str) -> frozenset[str]:
    """Return the terms in what stands between two spaces.

    Kept, for a few thousand words are nearly all that is ever said.
    """
    found = _WORD.findall(_DROPPED.sub(" ", word))
    return frozenset(_stem(plain.split("'")[0]) for plain in found) - _STOPPED


def rarities(gaps: Iterable[Collection[str]]) -> dict[str, float]:
    """Return how much each term tells the paths apart, 0 to 1; a term not in it counts as 1."""
    spread: Counter[str] = Counter()
    total = IMAGINED
    for gap in gaps:
        spread.update(gap.keys() if isinstance(gap, Mapping) else gap)
        total += 1
    return {term: log(total / (count + 0.5)) / log(total + 1) for term, count in spread.items()}


def alike(a: Terms, b: Terms, rarity: Mapping[str, float] = NO_RARITY) -> float:
    """Return how alike two messages or paths are, 0 to 1: the cosine of their weighted counts.

    A single shared term is chance and counts as 0; a few that occur everywhere count for little.
    """
    weight = {term: rarity.get(term, 1.0) for term in a if term in b}
    if len(weight) < FEWEST:
        return 0.0
    one, other = _counts(a), _counts(b)
    product = sum(w * w * one[term] * other[term] for term, w in weight.items())
    cosine = product / (_length(one, rarity) * _length(other, rarity))
    return min(1.0, cosine * min(1.0, sum(weight.values()) / TELLING))


def nearest(message: frozenset[str], gaps: Sequence[Mapping[str, int]]) -> int | None:
    """Return the index of the path that a message goes down; None when it is like none of them."""
    rarity = rarities(gaps)
    likeness = [alike(message, gap, rarity) for gap in gaps]
    best = max(range(len(gaps)), key=likeness.__getitem__, default=None)
    return best if best is not None and likeness[best] >= SAME_PATH else None


def covers(question: frozenset[str], entry: Collection[str]) -> float:
    """Return the share, 0 to 1, of what is asked that an entry speaks of; one word is no answer."""
    shared = sum(term in entry for term in question)
    return shared / len(question) if shared >= FEWEST else 0.0


def _counts(of: Terms) -> Mapping[str, int]:
    return of if isinstance(of, Mapping) else dict.fromkeys(of, 1)


def _length(counts: Mapping[str, int], rarity: Mapping[str, float]) -> float:
    return sqrt(sum((rarity.get(term, 1.0) * count) ** 2 for term, count in counts.items()))
