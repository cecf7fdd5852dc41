"""Stems: words without their endings."""

from typing import Final

_SUFFIXES: Final = (
    *("ations", "ation", "ings", "ing", "ied", "ies", "ed", "ers", "er", "es", "s", "ly", "ment"),
)
_SHORTEST: Final = 3  # letters of a stem


def stem(word: str) -> str:
    """Return a word without its ending, so that restart, restarts and restarted are the same."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST and word[-2:] != "ss":
            word = word.removesuffix(suffix)
            if suffix in ("ied", "ies"):
                return word + "y"
            if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST else word
