"""Words as search compares them, and how far two of them are apart."""

import re
import unicodedata
from typing import Final

_SPACELESS: Final = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Chinese and Japanese are written without spaces, so each character is taken for a word. Ranges so
# wide take a while to compile, so that is left to the first use.
_TOKEN: Final = rf"[{_SPACELESS}]|(?:(?![{_SPACELESS}])[^\W_])+"
# A longer word is a hash or a pasted token, which nobody types into a search.
_LONGEST: Final = 64


def tokens(text: str) -> list[str]:
    """The words of a text in order: lower case, without accents, letters and digits only."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(char for char in folded if unicodedata.category(char) != "Mn")
    return [token[:_LONGEST] for token in re.findall(_TOKEN, bare)]


def grams(term: str) -> frozenset[str]:
    """What a mistyped term has in common with the right one.

    Three letters in a row, ends marked; and all its letters sorted, for two that changed places.
    """
    marked = f"^{term}$"
    runs = {marked[start : start + 3] for start in range(len(marked) - 2)}
    return frozenset(runs | {"=" + "".join(sorted(term))})


def distance(one: str, other: str) -> int:
    """The fewest insertions, deletions, changes and swaps of neighbours between two words.

    F. Damerau, 1964, in the restricted form: no part is changed twice.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def slips(number: int) -> set[int]:
    """The numbers that one slip of the finger makes of this one, of as many digits as a key has."""
    typed = str(number)
    cuts = [(typed[:at], typed[at:]) for at in range(len(typed) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    near |= {head + digit + tail[1:] for head, tail in cuts if tail for digit in "0123456789"}
    near |= {head + digit + tail for head, tail in cuts for digit in "0123456789"}
    return {int(text) for text in near if text and text[0] != "0" and len(text) < 10}  # noqa: PLR2004 - as Key.parse
