"""The terms by which search compares texts: stems of words, and whole identifiers."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from bot.domain.stemming import stem

# Words that say nothing about the subject of a question. Unlike in chat, times of day and
# directions stay: "night handover" and "payment down" are about them.
_STOP_WORD_LIST: Final = """
a about again all also am an and any anybody anyone are arent as at be been being both but by can
cant could did didnt do does doesnt dont each else ever everybody everyone for from get had has have
he hello her here hers hey hi him his how i id if ill im in into is isnt it its ive just let lets
may maybe me might my no nope not of oh ok okay on only or our perhaps please pls plz really s same
she should so some somebody someone sorry still such t than thank thanks that thats the their them
then there theres these they this those thx to too u up ur us very was wasnt we were what whats when
where which while who whom whose why will with wont would yeah yep yes you your youre yours
"""
_STOP_WORDS: Final = frozenset(_STOP_WORD_LIST.split())
_SPACELESS: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Chinese and Japanese have no spaces, so each character counts as a word.
_WORD: Final = re.compile(
    rf"[{_SPACELESS}]"
    rf"|(?:(?![{_SPACELESS}])[^\W_])+(?:[./_'’-](?:(?![{_SPACELESS}])[^\W_])+)*"
)
# Where an identifier is split: at marks, before a capital, and between letters and digits.
_SPLIT: Final = re.compile(
    r"[./_-]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])"
)
_LONGEST: Final = 64  # letters; a longer word is a hash, and no one types those


def search_terms(text: str) -> list[str]:
    """Return the terms of a text in order, repeated as in the text.

    An identifier such as `eu-1` or `KubePodNotReady` is one, with a leading `#`, and so are its
    parts. A text of stop words only has them all as terms.
    """
    found = split_words(text)
    return [
        term
        for word, parts in found
        for term in (*_stems(parts), *([_joined(parts)] if len(parts) > 1 else []))
        if term
    ] or [part for _, parts in found for part in parts]


def split_words(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return each word as written with its parts, in lower case and without accents."""
    return [(word, _parts(word[:_LONGEST])) for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=1 << 15)
def term_of(word: str) -> str:
    """Return the term of a word that has no parts; empty for a stop word or a single letter."""
    return "" if word in _STOP_WORDS or _is_letter(word) else stem(word)


def is_stop_word(word: str) -> bool:
    """Return whether a word says nothing about the subject of a question."""
    return word in _STOP_WORDS


def fold(text: str) -> str:
    """Return a text without accents and with the usual forms of its characters."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKD", text)
    return "".join(char for char in folded if unicodedata.category(char) != "Mn")


@lru_cache(maxsize=1 << 14)
def _parts(word: str) -> tuple[str, ...]:
    plain = word.replace("'", "").replace("’", "")
    return tuple(part.casefold() for part in _SPLIT.split(plain) if part)


@lru_cache(maxsize=1 << 14)
def _stems(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(stem(part) for part in parts if part not in _STOP_WORDS and not _is_letter(part))


def _is_letter(part: str) -> bool:
    """Return whether a part is a single letter or digit, which says nothing alone."""
    return len(part) == 1 and part.isascii()


def _joined(parts: tuple[str, ...]) -> str:
    return "#" + "".join(parts)
