"""What search knows of an entry, written with each revision."""

from sqlmodel import Session

from bot.domain.entries import EntryId, TeamId
from bot.domain.kinds import FIELDS, Shape
from bot.domain.revisions import Content
from storage.part import insert, table_of
from storage.spelling import grams, tokens
from storage.tables import DocumentRow, TermGramRow, TermRow

_READ = frozenset({Shape.LINE, Shape.TEXT, Shape.URL, Shape.LINES, Shape.LEVELS})
# Shorter words are too near to each other to guess which was meant; longer ones are no words.
_TERM_LETTERS = range(4, 33)


def write(session: Session, team: TeamId, entry_id: EntryId, content: Content) -> None:
    """Make the entry found by the words of its content, and no longer by older ones."""
    words = {
        "title": tokens(content.title),
        "body": [
            token
            for field in FIELDS[content.kind]
            if field.shape in _READ and field.name != "title"
            for token in tokens(content.text(field.name))
        ],
        "tags": tokens(" ".join(content.tags)),
    }
    values = {name: " ".join(found) for name, found in words.items()}
    session.exec(
        insert(session, DocumentRow)
        .values(entry_id=entry_id, team_id=team, **values)
        .on_conflict_do_update(index_elements=["entry_id"], set_=values)
    )
    _write_terms(session, team, {token for found in words.values() for token in found})


def _write_terms(session: Session, team: TeamId, found: set[str]) -> None:
    """Keep new words and their parts, sorted: two transactions then can not wait in a circle."""
    terms = sorted(term for term in found if len(term) in _TERM_LETTERS)
    if not terms:
        return
    statement = insert(session, TermRow).on_conflict_do_nothing()
    statement = statement.values([{"team_id": team, "term": term} for term in terms])
    new = session.exec(statement.returning(table_of(TermRow).c.term)).all()
    rows = [
        {"team_id": team, "gram": gram, "term": term} for (term,) in new for gram in grams(term)
    ]
    if rows:
        session.exec(table_of(TermGramRow).insert(), params=rows)
