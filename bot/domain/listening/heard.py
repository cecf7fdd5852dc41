"""A message as it is kept: numbers and hashes, without its text."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

from bot.domain.entries import UserId
from bot.domain.listening.conversation import Said
from bot.domain.listening.terms import stem, terms
from bot.domain.recognition import Reading

# Terms of a message that are compared. A longer message is a log or a paste.
_MOST_TERMS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The features of one message. Terms are 32-bit hashes, see `term_id`.

    `pairs`: two terms in a row. `identifiers`: the terms that are identifiers, such as `web-01`.
    `words`: how long it is. `meaning`: its packed sentence embedding, or empty.
    """

    ts: str
    user: UserId
    at: datetime
    mentions: frozenset[UserId]
    terms: frozenset[int]
    pairs: frozenset[int]
    identifiers: frozenset[int]
    words: int
    asks: bool
    reading: Reading
    meaning: bytes = b""


@lru_cache(maxsize=1 << 16)
def term_id(term: str) -> int:
    """Return the hash by which a term is kept and compared."""
    return crc32(term.encode())


def name_stems(names: Collection[str]) -> frozenset[str]:
    """Return the stems of people's names, which aren't terms of what they talk about."""
    return _stems_of(frozenset(names))


# A workspace's names seldom change, and they are asked for at each message and draft.
@lru_cache(maxsize=16)
def _stems_of(names: frozenset[str]) -> frozenset[str]:
    return frozenset(stem(word) for name in names for word in name.lower().split())


def read_question(text: str) -> frozenset[int]:
    """Return the terms of a question, to look for in threads."""
    return frozenset(map(term_id, terms(text)[:_MOST_TERMS]))


def hear(said: Said, reading: Reading, names: frozenset[str], meaning: bytes = b"") -> Heard:
    """Return what is kept of a message. `names`: see `name_stems`."""
    all_words = terms(said.text)[:_MOST_TERMS]
    words = [term for term in all_words if term not in names]
    return Heard(
        ts=said.ts,
        user=said.user,
        at=said.at,
        mentions=frozenset(said.mentions),
        terms=frozenset(map(term_id, words)),
        pairs=frozenset(term_id(f"{a} {b}") for a, b in pairwise(words)),
        identifiers=frozenset(term_id(term) for term in words if term[0] == "#"),
        words=len(said.text.split()),
        asks="?" in said.text,
        reading=reading,
        meaning=meaning,
    )
