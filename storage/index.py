"""What search knows of an entry, written with each revision."""

from collections.abc import Iterable

from sqlalchemy import delete, literal, or_
from sqlmodel import Session, col, select

from bot.domain.entries import EntryId, TeamId
from bot.domain.kinds import FIELDS, Shape
from bot.domain.revisions import Content
from storage.part import dialect_of, insert, table_of
from storage.spelling import grams, tokens
from storage.tables import DocumentRow, TermGramRow, TermRow

_READ = frozenset({Shape.LINE, Shape.TEXT, Shape.URL, Shape.LINES, Shape.LEVELS})
# Shorter words are too near to each other to guess which was meant; longer ones are no words.
_MENDED_LETTERS = range(4, 33)


def write(session: Session, team: TeamId, entry_id: EntryId, content: Content) -> None:
    """Make the entry found by the words of its content, and no longer by older ones."""
    words = _words(content)
    values = {name: " ".join(found) for name, found in words.items()}
    session.exec(
        insert(dialect_of(session), DocumentRow)
        .values(entry_id=entry_id, team_id=team, **values)
        .on_conflict_do_update(index_elements=["entry_id"], set_=values)
    )
    _write_terms(session, team, {token for found in words.values() for token in found})


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
        if session.exec(select(kept.entry_id).where(kept.team_id == team, held).limit(1)).first():
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


def _write_terms(session: Session, team: TeamId, found: set[str]) -> None:
    """Count the words, and keep the parts of new ones.

    In order: two transactions that count the same words then can not wait in a circle.
    """
    if not found:
        return
    kept = table_of(TermRow).c
    statement = insert(dialect_of(session), TermRow).values(
        [{"team_id": team, "term": term, "seen": 1} for term in sorted(found)]
    )
    statement = statement.on_conflict_do_update(
        index_elements=["team_id", "term"], set_={"seen": kept.seen + 1}
    )
    counted = session.exec(statement.returning(kept.term, kept.seen)).all()
    new = [term for term, seen in counted if seen == 1 and len(term) in _MENDED_LETTERS]
    rows = [{"team_id": team, "gram": gram, "term": term} for term in new for gram in grams(term)]
    if rows:
        session.exec(table_of(TermGramRow).insert(), params=rows)
