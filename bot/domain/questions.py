"""Questions to Opslore: whether a text is one, and what is known of the matter it asks about."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Final

from bot.domain.entries import ChannelId, Entry, UserId
from bot.domain.gaps import Gap
from bot.domain.listening.terms import terms

# From this share of a question's terms on, weighted by their rarity, a gap is about the same.
_NEAR: Final = 0.5
# A single shared word may be chance.
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that a person asked Opslore, as masked plain text.

    `channel`: where it was asked, and everyone there reads the answer; None in direct messages.
    `is_shared`: people of another organization are in that channel.
    """

    text: str
    ts: str
    channel: ChannelId | None = None
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswer:
    """The knowledge about a question; all is empty if there is none.

    `entry`: the entry that covers it. `is_reliable`: people may follow it: it isn't a draft and its
    review isn't overdue. `is_private`: not everyone in the channel may see the entry. `gap`: the
    nearest gap, if no entry covers the question. `helper`: the person to ask about either, and
    `helped_at`: when they last answered it.
    """

    entry: Entry | None = None
    is_reliable: bool = False
    is_private: bool = False
    gap: Gap | None = None
    helper: UserId | None = None
    helped_at: datetime | None = None


def is_question(text: str) -> bool:
    """Return whether a text says what it is about; a greeting or thanks doesn't."""
    return bool(terms(text))


def is_reliable(entry: Entry, now: datetime) -> bool:
    """Return whether people may follow an entry: it is in force and its review isn't overdue."""
    return entry.is_in_force and entry.certification(now).overdue.days == 0


def choose_checker(entry: Entry) -> UserId | None:
    """Return who can say whether an entry is accurate: its owner, or the backup if they left."""
    return (entry.backup if entry.orphaned else entry.owner) or None


def _excerpts(gap: Gap) -> list[str]:
    return [text for found in gap.occurrences for text in (found.excerpt, found.answer)]


def find_near_gaps(question: str, gaps: Sequence[Gap]) -> list[Gap]:
    """Return the gaps whose words are like those of a question, the nearest first."""
    asked = set(terms(question))
    known = [set(terms(" ".join([gap.title, *_excerpts(gap)]))) for gap in gaps]
    spread = Counter(term for words in known for term in words)
    rarity = {term: log((len(known) + 2) / (spread[term] + 0.5)) for term in asked}
    total = sum(rarity.values())
    shares = [
        sum(rarity[term] for term in asked & words) / total
        if len(asked & words) >= max(1, min(_FEWEST, len(asked)))
        else 0.0
        for words in known
    ]
    ordered = sorted(range(len(gaps)), key=shares.__getitem__, reverse=True)
    return [gaps[place] for place in ordered if shares[place] >= _NEAR]
