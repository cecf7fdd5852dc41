"""The candidates of a search: the entries that the ranking compares with the question.

Both databases return the same ones, because they only say which entries have which words, the
newest first. `bot.domain.ranking` orders them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, union_all
from sqlmodel import Session, col, select

from bot.domain.entries import EntryId, TeamId
from bot.domain.kinds import Kind
from bot.domain.ranking import Corpus
from bot.domain.related import related
from bot.domain.search_terms import is_stop_word
from bot.domain.stemming import stem
from storage.aggregate import IDS, TEAM
from storage.batch_sizes import batch_sizes_of
from storage.search.matching import Where, WordSearch, newest_matching
from storage.tables.entries import EntryRow
from storage.tables.search import DocumentRow

# How many of the rarest words have candidates of their own.
_WORDS: Final = 5
# How many words of about the same meaning count for each word that was typed.
_RELATED: Final = 3
_LEAST_LIKE: Final = 0.45
# One part a kind: for a group by kind, SQLite would read the keys of all entries.
_HIGHEST: Final = union_all(
    *(
        select(func.max(EntryRow.number)).where(
            EntryRow.team_id == TEAM, EntryRow.kind == kind.value
        )
        for kind in Kind
    )
)
_TEXTS: Final = select(
    DocumentRow.entry_id, DocumentRow.title, DocumentRow.tags, DocumentRow.body
).where(DocumentRow.team_id == TEAM, col(DocumentRow.entry_id).in_(IDS))
_EMBEDDED: Final = 600  # characters, about as many as the model reads


@dataclass(frozen=True, slots=True, kw_only=True)
class WordText:
    """The words of an entry as the index holds them, with spaces between."""

    title: str
    tags: str
    body: str

    @property
    def passages(self) -> tuple[str, ...]:
        """The texts to embed: the first words of an entry say what it is about."""
        return (self.title, f"{self.title}. {self.body[:_EMBEDDED]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The entries that may answer `question`, in which typos are corrected.

    `corpus`: how many entries there are, and how many of them have a word of the question.
    """

    question: str
    texts: Mapping[EntryId, WordText]
    corpus: Corpus


def list_related(words: Iterable[str]) -> dict[str, list[str]]:
    """Return for each word the stems of the words that mean most nearly the same."""
    near = {word: related(stem(word)) for word in words if not is_stop_word(word)}
    return {
        word: [other for other, likeness in like.items() if likeness >= _LEAST_LIKE][:_RELATED]
        for word, like in near.items()
    }


def choose_candidates(
    session: Session,
    words: Sequence[str],
    where: Where,
    *,
    total: int,
    most: int | None,
) -> dict[EntryId, WordText]:
    """Return the texts of the newest entries with the words; in a small workspace, of all entries.

    `words`: the rarest first. Those with all words come first, then those with a word in the title.
    `total`: how many entries there are, about. `most`: of those with words, so many; None is as
    many as a search ranks. In a small workspace, an entry without any of them may still be meant.
    """
    chosen, small = words[:_WORDS], batch_sizes_of(session).compared
    searches = [WordSearch(words=chosen)] if len(chosen) > 1 else []
    searches += [WordSearch(words=[word], in_title=True) for word in chosen]
    searches += [WordSearch(words=[word]) for word in chosen]
    ids = newest_matching(session, searches, where, most or small) if chosen else []
    if total <= small:
        ids += _newest(session, where, small)
    return _read_texts(session, where, list(dict.fromkeys(ids)))


def count_entries(session: Session, team: TeamId) -> int:
    """Return how many entries there are, about: keys are numbered without gaps."""
    rows = session.connection().execute(_HIGHEST, {"team": team})
    return sum(number or 0 for (number,) in rows)


def _newest(session: Session, where: Where, most: int) -> list[EntryId]:
    query = select(EntryRow.id).where(*where.conditions)
    query = query.order_by(col(EntryRow.id).desc()).limit(most)
    ids = session.exec(query, params=where.params)
    return [EntryId(entry_id) for entry_id in ids if entry_id is not None]


def _read_texts(session: Session, where: Where, ids: Sequence[EntryId]) -> dict[EntryId, WordText]:
    found = session.connection().execute(_TEXTS, {TEAM.key: where.params[TEAM.key], IDS.key: ids})
    rows = {
        EntryId(entry_id): WordText(title=title, tags=tags, body=body)
        for entry_id, title, tags, body in found
    }
    return {entry_id: rows[entry_id] for entry_id in ids if entry_id in rows}
