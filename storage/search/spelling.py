"""Words as the index holds them, and how typos are looked up."""

import re
import unicodedata
from typing import Final

_SPACELESS: Final = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Chinese and Japanese have no spaces, so each character counts as a word. Such wide ranges take a
# while to compile, so the pattern is compiled on its first use.
_TOKEN: Final = rf"[{_SPACELESS}]|(?:(?![{_SPACELESS}])[^\W_])+"
# An identifier in mixed case, and its parts.
_MIXED: Final = r"[a-z][A-Z]|[A-Z]{2}[a-z]"
_PART: Final = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+"
# In letters. A longer word is a hash or a token, and no one types those into a search.
_LONGEST: Final = 64


def tokens(text: str) -> list[str]:
    """Return the words of a text in order: lower case, no accents, letters and digits only."""
    folded = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in folded if unicodedata.category(char) != "Mn")
    found: list[str] = []
    for token in re.findall(_TOKEN, bare):
        found.append(token[:_LONGEST].casefold())
        # People ask for the parts of a name such as KubePodNotReady.
        if re.search(_MIXED, token):
            found += [part.casefold() for part in re.findall(_PART, token[:_LONGEST])]
    return found


def grams(term: str) -> frozenset[str]:
    """Return the parts of a term that a mistyped one probably shares.

    They are all runs of three letters, with marked ends, and its sorted letters, in case two of
    them changed places.
    """
    marked = f"^{term}$"
    runs = {marked[start : start + 3] for start in range(len(marked) - 2)}
    return frozenset(runs | {"=" + "".join(sorted(term))})


def slips(number: int) -> set[int]:
    """Return the numbers that one typo makes of this one, within the digits that a key can have."""
    typed = str(number)
    cuts = [(typed[:at], typed[at:]) for at in range(len(typed) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    near |= {head + digit + tail[1:] for head, tail in cuts if tail for digit in "0123456789"}
    near |= {head + digit + tail for head, tail in cuts for digit in "0123456789"}
    return {int(text) for text in near if text and text[0] != "0" and len(text) < 10}  # noqa: PLR2004 - as Key.parse
