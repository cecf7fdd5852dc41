"""Lists of phrases, one a line, as one pattern over text in lower case."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

_GROUP: Final = re.compile(r"\((?!\?)")
_WORD: Final = re.compile(r"[a-z0-9&]+")
_LETTERS: Final = 5  # so that a hint finds the other forms of its word
# Code, quoted lines and links aren't what the author says.
_LITERAL: Final = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*>[^\n]*|\w+://\S+", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Phrases as one pattern, compiled at the first search: a long one takes 20 ms of a start."""

    pattern: str

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first phrase in a text, if any."""
        return _compile(self.pattern).search(text)


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def join_phrases(*phrases: str, names: Mapping[str, str] | None = None) -> Phrases:
    """Return a pattern that finds any of the phrases as whole words.

    A phrase is a regular expression; its groups don't capture. A line that ends with a backslash
    goes on in the next one. A name in capitals means one of its words in `names`, where a name
    may use those below it.
    """
    spelled = "\n".join(phrases).replace("\\\n", "")
    for name, words in (names or {}).items():
        spelled = spelled.replace(name, f"({words})")
    lines = [_GROUP.sub("(?:", line.strip()) for line in spelled.splitlines() if line.strip()]
    return Phrases(pattern="|".join(rf"\b(?:{line})(?!\w)" for line in lines))


def has_any(text: str, hints: Iterable[str]) -> bool:
    """Return whether a text contains a hint; that is much faster than to search for phrases."""
    return any(map(text.__contains__, hints))


def hint_at(words: str) -> frozenset[str]:
    """Return the first letters of some words, as `has_hint` looks for them."""
    return frozenset(word[:_LETTERS] for word in words.split())


def has_hint(text: str, hints: frozenset[str]) -> bool:
    """Return whether a word of the text begins like a hint: a fast test before phrases."""
    return not hints.isdisjoint([word[:_LETTERS] for word in _WORD.findall(text)])


def simplify(text: str) -> str:
    """Return a text in lower case without code, quotes and links."""
    plain = text.lower().replace("\u2019", "'")
    return _LITERAL.sub(" ", plain) if "`" in plain or ">" in plain or "://" in plain else plain
