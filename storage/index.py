"""What search knows of an entry, written with each revision."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

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
# A database takes some 30,000 values in one statement, and a word has three.
_COUNTED = 5_000


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


def _rewritten(
    session: Session, team: TeamId, entry_id: EntryId, words: Mapping[str, Iterable[str]]
) -> bool:
    """Keep what search reads of an entry; False where it is what was kept already."""
    values = {name: " ".join(found) for name, found in words.items()}
    kept = table_of(DocumentRow).c
    query = select(*(kept[name] for name in values))
    before = session.exec(query.where(kept.team_id == team, kept.entry_id == entry_id)).first()
    if before is not None and tuple(before) == tuple(values.values()):
        return False
    session.exec(
        insert(dialect_of(session), DocumentRow)
        .values(entry_id=entry_id, team_id=team, **values)
        .on_conflict_do_update(index_elements=["entry_id"], set_=values)
    )
    return True


def _write_terms(session: Session, team: TeamId, counts: Mapping[str, int]) -> None:
    """Count the words, and keep the parts of new ones.

    In order: two transactions that count the same words then can not wait in a circle.
    """
    kept = table_of(TermRow).c
    ordered = sorted(counts.items())
    for start in range(0, len(ordered), _COUNTED):
        statement = insert(dialect_of(session), TermRow).values(
            [
                {"team_id": team, "term": term, "seen": count}
                for term, count in ordered[start : start + _COUNTED]
            ]
        )
        statement = statement.on_conflict_do_update(
            index_elements=["team_id", "term"],
            set_={"seen": kept.seen + statement.excluded.seen},
        )
        counted = session.exec(statement.returning(kept.term, kept.seen)).all()
        new = [term for term, seen in counted if seen == counts[term]]
        rows = [
            {"team_id": team, "gram": gram, "term": term}
            for term in new
            if len(term) in _MENDED_LETTERS
            for gram in grams(term)
        ]
        if rows:
            session.exec(table_of(TermGramRow).insert(), params=rows)
