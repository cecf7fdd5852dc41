"""The pieces that the model reads a text in: frequent words whole, others in parts.

This is BERT's tokenizer for lower case. Its vocabulary (Apache-2.0) lies beside this module, the
most frequent first.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final
from zlib import decompress

_VOCABULARY: Final = "vocabulary.bin"
# The model was trained on texts of up to 128 pieces.
_MOST_PIECES: Final = 128
_LONGEST_WORD: Final = 100  # letters, as BERT; a longer one is unknown
PAD: Final = 0
_UNKNOWN, _START, _END = 100, 101, 102


@cache
def load_vocabulary() -> dict[str, int]:
    """Return the pieces that the model knows, each with its number, the most frequent first."""
    data = decompress(files("bot.embedding").joinpath(_VOCABULARY).read_bytes()).decode()
    return {piece: number for number, piece in enumerate(data.split("\n"))}


def split_pieces(text: str) -> list[int]:
    """Return the numbers of a text's pieces, as BERT's tokenizer for lower case splits it."""
    pieces = [_START]
    for word in _words(text):
        pieces.extend(_pieces(word))
        if len(pieces) >= _MOST_PIECES:
            break
    return [*pieces[: _MOST_PIECES - 1], _END]


def _words(text: str) -> Iterator[str]:
    lower = unicodedata.normalize("NFD", text.lower())
    spaced = "".join(map(_spaced, lower))
    return iter(spaced.split())


@lru_cache(maxsize=1 << 12)
def _spaced(char: str) -> str:
    """Return a character with spaces around it if it is a word of its own."""
    category = unicodedata.category(char)
    if char in "\t\n\r" or category == "Zs":
        return " "
    if category == "Mn" or category.startswith("C") or char == "\ufffd":
        return ""
    if category.startswith("P") or (char.isascii() and not char.isalnum()) or _is_chinese(char):
        return f" {char} "
    return char


def _is_chinese(char: str) -> bool:
    return any(
        first <= char <= last
        for first, last in (
            *(("\u4e00", "\u9fff"), ("\u3400", "\u4dbf"), ("\uf900", "\ufaff")),
            *(("\U00020000", "\U0002ceaf"), ("\U0002f800", "\U0002fa1f")),
        )
    )


@lru_cache(maxsize=1 << 14)
def _pieces(word: str) -> tuple[int, ...]:
    """Return the longest known pieces of a word from left to right; all have to be known."""
    known, found, start = load_vocabulary(), [], 0
    if len(word) > _LONGEST_WORD:
        return (_UNKNOWN,)
    while start < len(word):
        prefix = "##" if start else ""
        ends = range(len(word), start, -1)
        end = next((end for end in ends if prefix + word[start:end] in known), None)
        if end is None:
            return (_UNKNOWN,)
        found.append(known[prefix + word[start:end]])
        start = end
    return tuple(found)
