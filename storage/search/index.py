"""The search index of entries, updated with each revision."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Final

from sqlalchemy import bindparam, delete, exists, literal, or_
from sqlalchemy.sql.dml import Insert, ReturningInsert
from sqlmodel import Session, col, select

from bot.domain.entries import EntryId, TeamId
from bot.domain.kinds import FIELDS, Shape
from bot.domain.revisions import Content
from storage.aggregate import TEAM, dialect_of, insert, table_of
from storage.search.matching import Where, WordSearch, any_matching
from storage.search.spelling import grams, tokens
from storage.tables.entries import EntryRow
from storage.tables.search import DocumentRow, TermGramRow, TermRow

_INDEXED_SHAPES = frozenset({Shape.LINE, Shape.TEXT, Shape.URL, Shape.LINES, Shape.LEVELS})
# The lengths of words that typos are corrected to. Shorter words are too similar to each other, and
# longer ones aren't words.
_CORRECTED_LETTERS = range(4, 33)
_COLUMNS = ("title", "body", "tags")
_DOCUMENTS = table_of(DocumentRow).c
_DOCUMENT: Final = select(*(_DOCUMENTS[name] for name in _COLUMNS)).where(
    _DOCUMENTS.team_id == TEAM, _DOCUMENTS.entry_id == bindparam("entry")
)
_GRAMS: Final = table_of(TermGramRow).insert()


def write(
    session: Session,
    team: TeamId,
    contents: Mapping[EntryId, Content],
    removed: Collection[str] = (),
) -> None:
    """Index entries by the words of their contents, instead of their older words.

    `removed`: words that a redaction removed. Those that no entry has are deleted.

    An entry with the same words as before isn't written, so that no one waits for its row. All
    words are counted in one step. In several steps, two transactions could deadlock.
    """
    counts: Counter[str] = Counter()
    for entry_id, content in sorted(contents.items()):
        words = _words(content)
        if _write_document(session, team, entry_id, words):
            counts.update({word for column in words.values() for word in column})
    _write_terms(session, team, {**dict.fromkeys(removed, 1), **counts})
    delete_unused_terms(session, team, removed)


def terms(content: Content) -> set[str]:
    """Return the words by which a content is found."""
    return {word for column in _words(content).values() for word in column}


def delete_unused_terms(session: Session, team: TeamId, words: Iterable[str]) -> None:
    """Delete those of the words that no entry has."""
    for term in sorted(words):
        has_word = or_(
            *(
                (literal(" ") + column + " ").contains(f" {term} ", autoescape=True)
                for column in (_DOCUMENTS.title, _DOCUMENTS.body, _DOCUMENTS.tags)
            )
        )
        # The index finds the entries with the word's stem, so that only their words are read.
        document = exists().where(_DOCUMENTS.entry_id == col(EntryRow.id), has_word)
        where = Where(conditions=(col(EntryRow.team_id) == team, document))
        if any_matching(session, WordSearch(words=[term], prefix=False), where):
            continue
        for row in (TermGramRow, TermRow):
            session.exec(delete(row).where(col(row.team_id) == team, col(row.term) == term))


def _words(content: Content) -> dict[str, list[str]]:
    return {
        "title": tokens(content.title),
        "body": [
            token
            for field in FIELDS[content.kind]
            if field.shape in _INDEXED_SHAPES and field.name != "title"
            for token in tokens(content.text(field.name))
        ],
        "tags": tokens(" ".join(content.tags)),
    }


def _write_document(
    session: Session, team: TeamId, entry_id: EntryId, words: Mapping[str, Iterable[str]]
) -> bool:
    """Store the words of an entry; False if they are the same as before."""
    values = {name: " ".join(column_words) for name, column_words in words.items()}
    before = session.exec(_DOCUMENT, params={"team": team, "entry": entry_id}).first()
    if before is not None and tuple(before) == tuple(values.values()):
        return False
    row = {"entry_id": entry_id, "team_id": team, **values}
    session.exec(_upsert_document(dialect_of(session)), params=row)
    return True


@cache
def _upsert_document(dialect: str) -> Insert:
    statement = insert(dialect, DocumentRow)
    new = {name: statement.excluded[name] for name in _COLUMNS}
    return statement.on_conflict_do_update(index_elements=["entry_id"], set_=new)


def _write_terms(session: Session, team: TeamId, counts: Mapping[str, int]) -> None:
    """Count words, and store the grams of new ones.

    The words are sorted, because two transactions that count the same ones could deadlock.
    """
    ordered = [{"team_id": team, "term": term, "seen": counts[term]} for term in sorted(counts)]
    if not ordered:
        return
    totals = session.exec(_count_up(dialect_of(session)), params=ordered).all()
    rows = [
        {"team_id": team, "gram": gram, "term": term}
        for term, seen in totals
        if seen == counts[term] and len(term) in _CORRECTED_LETTERS
        for gram in grams(term)
    ]
    if rows:
        session.exec(_GRAMS, params=rows)


@cache
def _count_up(dialect: str) -> ReturningInsert[tuple[str, int]]:
    statement, terms_ = insert(dialect, TermRow), table_of(TermRow).c
    seen = {"seen": terms_.seen + statement.excluded.seen}
    statement = statement.on_conflict_do_update(index_elements=["team_id", "term"], set_=seen)
    return statement.returning(terms_.term, terms_.seen)
