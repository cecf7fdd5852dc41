"""Words that people write as one or as two: `rollback` and `roll back`, `login` and `log in`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from itertools import pairwise
from typing import Final

from bot.domain.search_terms import split_words, term_of
from bot.domain.stemming import stem

_LEAST_PART: Final = 3  # letters
# The shorter ones would be letters in a list, or parts of a number.
_LEAST_JOINED: Final = 5  # letters
# A question's first words say what it is about. A thread has many more.
_WORDS: Final = 40

Pair = tuple[str, str]


def split_compound(
    word: str, is_known: Callable[[Pair], bool], least: int = _LEAST_PART
) -> Pair | None:
    """Return the two known words that a word is made of; None if it isn't.

    `is_known`: whether both are known. `least`: the letters that each has at least.
    """
    for singular in dict.fromkeys((word, word.removesuffix("s"))):
        cuts = range(least, len(singular) - least + 1)
        for at in sorted(cuts, key=lambda cut: abs(2 * cut - len(singular))):
            if is_known((singular[:at], singular[at:])):
                return singular[:at], singular[at:]
    return None


def split_unknown(text: str, known: Collection[str]) -> Mapping[str, Pair]:
    """Return for each term of a text that isn't known the two known ones that it is made of."""
    found: dict[str, Pair] = {}
    for _, parts in split_words(text)[:_WORDS]:
        for word in parts:
            term = term_of(word)
            pair = split_compound(word, _all_in(known)) if term and term not in known else None
            if pair is not None:
                found[term] = term_of(pair[0]), term_of(pair[1])
    return found


def join_neighbors(text: str) -> Mapping[str, set[str]]:
    """Return for each term of a text the words that it makes with its neighbor, as terms."""
    joined: defaultdict[str, set[str]] = defaultdict(set)
    words = [parts[0] if len(parts) == 1 else "" for _, parts in split_words(text)[:_WORDS]]
    for pair in pairwise(words):
        wholes = set(map(term_of, _join(pair)))
        for term in filter(None, map(term_of, pair)):
            joined[term] |= wholes
    return joined


def _join(pair: Pair) -> set[str]:
    """Return the words that two words make: `logged in` makes `loggedin` and `login`."""
    first, second = pair
    if min(len(first), len(second)) < 2 or len(first + second) < _LEAST_JOINED:  # noqa: PLR2004 - a letter is no word
        return set()
    return {first + second, stem(first) + second}


def _all_in(known: Collection[str]) -> Callable[[Pair], bool]:
    return lambda pair: all(term_of(part) in known for part in pair)
