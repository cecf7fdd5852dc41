"""The distance between two words, and the word that a mistyped one means."""

from collections.abc import Iterable, Mapping
from typing import Final

# The shortest word to mend. Shorter ones are similar to too many others.
MENDED_LETTERS: Final = 5
# From this length on, a word with two slips is still recognizable.
LONG: Final = 8


def distance(word: str, other: str) -> int:
    """Return the fewest insertions, deletions, changes and swaps of neighbors between two words.

    This is the distance of F. Damerau, 1964, in its restricted form: no part changes twice.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(word, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == other[j - 2] and word[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def most_slips(word: str) -> int:
    """Return how many slips a word of this length may have and still be recognizable."""
    return 0 if len(word) < MENDED_LETTERS else 1 if len(word) < LONG else 2


def most_similar(word: str, words: Mapping[str, int] | Iterable[str]) -> str | None:
    """Return the word that a mistyped one most probably means; None if none is similar.

    `words` may map each word to how often it occurs: of two equally similar ones the more frequent
    is meant. A slip in the first letter is rare, so it has to be the same.
    """
    counts = words if isinstance(words, Mapping) else dict.fromkeys(words, 1)
    most = most_slips(word)
    near = [
        (slips, -count, other)
        for other, count in counts.items()
        if most
        and other[0] == word[0]
        and abs(len(other) - len(word)) <= most
        and (slips := distance(word, other)) <= most
    ]
    return min(near)[2] if near else None
