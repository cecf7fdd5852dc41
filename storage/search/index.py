"""What search knows of an entry, written with each revision."""

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
from storage.search.matching import Wanted, any_matching
from storage.search.spelling import grams, tokens
from storage.tables.entries import EntryRow
from storage.tables.search import DocumentRow, TermGramRow, TermRow

_READ = frozenset({Shape.LINE, Shape.TEXT, Shape.URL, Shape.LINES, Shape.LEVELS})
# Shorter words are too near to each other to guess which was meant; longer ones are no words.
_MENDED_LETTERS = range(4, 33)
_WORDS = ("title", "body", "tags")
_KEPT = table_of(DocumentRow).c
_FOUND_BY: Final = select(*(_KEPT[name] for name in _WORDS)).where(
    _KEPT.team_id == TEAM, _KEPT.entry_id == bindparam("entry")
)
_GRAMS: Final = table_of(TermGramRow).insert()


def write(
    session: Session, team: TeamId, contents: Mapping[EntryId, Content], gone: Collection[str] = ()
) -> None:
    """Make entries found by the words of their contents, and no longer by older ones.

    `gone`: words that were taken out of something; those that no entry holds any more are dropped.

    Of an entry that is found by the same words already nothing is written, so that nobody waits for
    it. All words are counted in one step: whoever counted some, and then others, could wait in a
    circle with whoever counts the same.
    """
    counts: Counter[str] = Counter()
    for entry_id, content in sorted(contents.items()):
        words = _words(content)
        if _rewritten(session, team, entry_id, words):
            counts.update({token for found in words.values() for token in found})
    _write_terms(session, team, {**dict.fromkeys(gone, 1), **counts})
    forget_terms(session, team, gone)


def terms(content: Content) -> set[str]:
    """The words by which a content is found."""
    return {token for found in _words(content).values() for token in found}


def forget_terms(session: Session, team: TeamId, gone: Iterable[str]) -> None:
    """Drop those of the words that no entry holds any more."""
    kept = table_of(DocumentRow).c
    for term in sorted(gone):
        held = or_(
            *(
                (literal(" ") + column + " ").contains(f" {term} ", autoescape=True)
                for column in (kept.title, kept.body, kept.tags)
            )
        )
        # The index finds the entries that hold its stem; only of those the words are read.
        here = exists().where(kept.entry_id == col(EntryRow.id), held)
        mine = (col(EntryRow.team_id) == team, here)
        if any_matching(session, Wanted(words=[term], prefix=False), mine):
            continue
        for row in (TermGramRow, TermRow):
            session.exec(delete(row).where(col(row.team_id) == team, col(row.term) == term))


def _words(content: Content) -> dict[str, list[str]]:
    return {
        "title": tokens(content.title),
        "body": [
            token
            for field in FIELDS[content.kind]
            if field.shape in _READ and field.name != "title"
            for token in tokens(content.text(field.name))
        ],
        "tags": tokens(" ".join(content.tags)),
    }


def _rewritten(
    session: Session, team: TeamId, entry_id: EntryId, words: Mapping[str, Iterable[str]]
) -> bool:
    """Keep what search reads of an entry; False where it is what was kept already."""
    values = {name: " ".join(found) for name, found in words.items()}
    before = session.exec(_FOUND_BY, params={"team": team, "entry": entry_id}).first()
    if before is not None and tuple(before) == tuple(values.values()):
        return False
    row = {"entry_id": entry_id, "team_id": team, **values}
    session.exec(_written(dialect_of(session)), params=row)
    return True


@cache
def _written(dialect: str) -> Insert:
    statement = insert(dialect, DocumentRow)
    new = {name: statement.excluded[name] for name in _WORDS}
    return statement.on_conflict_do_update(index_elements=["entry_id"], set_=new)


def _write_terms(session: Session, team: TeamId, counts: Mapping[str, int]) -> None:
    """Count the words, and keep the parts of new ones.

    In order: two transactions that count the same words then can not wait in a circle.
    """
    ordered = [{"team_id": team, "term": term, "seen": counts[term]} for term in sorted(counts)]
    if not ordered:
        return
    counted = session.exec(_counted(dialect_of(session)), params=ordered).all()
    rows = [
        {"team_id": team, "gram": gram, "term": term}
        for term, seen in counted
        if seen == counts[term] and len(term) in _MENDED_LETTERS
        for gram in grams(term)
    ]
    if rows:
        session.exec(_GRAMS, params=rows)


@cache
def _counted(dialect: str) -> ReturningInsert[tuple[str, int]]:
    statement, kept = insert(dialect, TermRow), table_of(TermRow).c
    seen = {"seen": kept.seen + statement.excluded.seen}
    statement = statement.on_conflict_do_update(index_elements=["team_id", "term"], set_=seen)
    return statement.returning(kept.term, kept.seen)
