"""Full-text matching on either database: which entries hold which words, best first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Float,
    any_,
    column,
    func,
    literal,
    literal_column,
    table,
    union,
)
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.entries import EntryId
from storage.batch_sizes import batch_sizes_of
from storage.tables.entries import EntryRow
from storage.tables.search import DocumentRow

# A word in a title says more than one in the text; a tag was chosen by a person.
_TITLE, _BODY, _TAGS = 5.0, 1.0, 3.0
# FTS5's index (sqlite.org/fts5.html) and PostgreSQL's column, both kept by the database itself.
_FTS: Final = "document_words"
_FTS_ROW: Final[ColumnElement[Any]] = table(_FTS, column("rowid")).c.rowid
_ITSELF: Final[ColumnElement[Any]] = literal_column(_FTS)
_CONFIG: Final[ColumnElement[Any]] = literal_column("'opslore'::regconfig")
_VECTOR: Final[ColumnElement[Any]] = literal_column("documents.words")
# As the index on titles has it: the other one knows no places, so each text would be read.
_TITLE_VECTOR: Final[ColumnElement[Any]] = literal_column(
    "to_tsvector('opslore'::regconfig, documents.title)"
)
# With a plus SQLite can not look each entry up in the index, a thousand times slower, but only
# each match in the entries (sqlite.org/optoverview.html, disqualifying terms by unary plus).
_FOUND_FIRST: Final[ColumnElement[Any]] = literal_column("+document_words.rowid")
# In PostgreSQL's order: D, C (text), B (tags), A (title).
_WEIGHTS: Final[ColumnElement[Any]] = literal_column("'{0.1, 0.2, 0.6, 1.0}'::float4[]")
# A prefix of fewer letters fits too much.
_PREFIX_LETTERS: Final = 3


_Ids = SelectOfScalar[Any]


class Join(StrEnum):
    """Whether all words must be there, or any."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Words to look for, folded by `spelling.tokens`; `prefix`: also longer words."""

    words: Sequence[str]
    join: Join = Join.ALL
    prefix: bool = True
    in_title: bool = False


def matching(
    session: Session, wanted: Wanted, where: Iterable[ColumnElement[bool]], limit: int
) -> list[EntryId]:
    """The ids of entries that hold the words and fulfil `where`, best first.

    The filter is part of the same query: what may not be seen is not ranked either. Where
    thousands match, those with a word in the title are ranked, and the newest of the others.
    """
    if not wanted.words:
        return []
    sizes, conditions = batch_sizes_of(session), [*where]
    best = (
        _best_sqlite(wanted, conditions, sizes.ranked_sqlite)
        if _is_sqlite(session)
        else _best_postgresql(wanted, conditions, sizes.ranked_postgresql)
    )
    return [EntryId(found) for found in session.exec(best.limit(limit))]


def any_matching(session: Session, wanted: Wanted, where: Iterable[ColumnElement[bool]]) -> bool:
    """Whether any entry holds the words and fulfils `where`; ranks nothing."""
    query = _sqlite([wanted]) if _is_sqlite(session) else _postgresql_one(wanted)
    return session.exec(query.where(*where).limit(1)).first() is not None


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _worth_ranking(wanted: Wanted, most: int) -> list[tuple[list[Wanted], int]]:
    """What to hold, and how many of the newest that hold it: nearly all of the best are there.

    The newest alone would miss most of them, for a word in the title outweighs several in the text.
    """
    if wanted.in_title:
        return [([wanted], 3 * most)]
    titled = [replace(wanted, join=Join.ANY, in_title=True)]
    if wanted.join is Join.ALL and len(wanted.words) > 1:
        titled.append(wanted)
    return [(titled, 2 * most), ([wanted], most)]


def _union(newest: Iterable[_Ids]) -> CompoundSelect[Any]:
    return union(*(select(each.subquery().c.id) for each in newest))


def _best_sqlite(wanted: Wanted, where: Sequence[ColumnElement[bool]], newest: int) -> _Ids:
    """Matches once to choose and once to rank, for bm25 is known to a match alone, and costly."""
    ranked = _union(
        _sqlite(held).where(*where).order_by(_FTS_ROW.desc()).limit(most)
        for held, most in _worth_ranking(wanted, newest)
    )
    rank = func.bm25(_ITSELF, _TITLE, _BODY, _TAGS)
    return (
        select(_FTS_ROW)
        .where(_matches([wanted]), _FOUND_FIRST.in_(ranked))
        .order_by(rank, _FTS_ROW.desc())
    )


def _sqlite(held: Iterable[Wanted]) -> _Ids:
    return (
        select(EntryRow.id)
        .join(_FTS_ROW.table, col(EntryRow.id) == _FOUND_FIRST)
        .where(_matches(held))
    )


def _matches(held: Iterable[Wanted]) -> ColumnElement[bool]:
    return _ITSELF.op("MATCH")(" AND ".join(f"({_fts5(wanted)})" for wanted in held))


def _fts5(wanted: Wanted) -> str:
    glue = " AND " if wanted.join is Join.ALL else " OR "
    match = glue.join(f'"{word}"{"*" * _open(wanted, word)}' for word in wanted.words)
    return f"title : ({match})" if wanted.in_title else match


def _best_postgresql(wanted: Wanted, where: Sequence[ColumnElement[bool]], newest: int) -> _Ids:
    """Ranks no more than it must: unlike FTS5 it reads each one's words anew."""
    ranked = _union(
        _postgresql(held).where(*where).order_by(col(EntryRow.id).desc()).limit(most)
        for held, most in _worth_ranking(wanted, newest)
    ).subquery()
    label = "A" * wanted.in_title
    # ts_rank_cd, which looks for the places where the words are nearest, takes twice as long.
    rank = func.ts_rank(_WEIGHTS, _VECTOR, _words_of(wanted, label), type_=Float)
    return (
        select(DocumentRow.entry_id)
        .join(ranked, ranked.c.id == DocumentRow.entry_id)
        .order_by(rank.desc(), col(DocumentRow.entry_id).desc())
    )


def _words_of(wanted: Wanted, label: str = "") -> ColumnElement[Any]:
    glue = " & " if wanted.join is Join.ALL else " | "
    match = glue.join(f"'{word}'{_mark(_open(wanted, word), label)}" for word in wanted.words)
    return func.to_tsquery(_CONFIG, literal(match))


def _postgresql(held: Iterable[Wanted]) -> _Ids:
    """Entries that hold the words, found by their index.

    As an array, for the planner takes one for short, and looks up its entries newest first until
    there are enough. Of a join it reads every entry instead, for one of thirty that are found; or,
    with a limit in sight, entry after entry until its words fit, which takes longest for none.
    """
    found = select(DocumentRow.entry_id).where(*(_holds(wanted) for wanted in held))
    return select(EntryRow.id).where(col(EntryRow.id) == any_(func.array(found.scalar_subquery())))


def _postgresql_one(wanted: Wanted) -> _Ids:
    """The same where one will do: what the index finds is read row by row, until one fits.

    Materialized, so that the planner asks the index although a limit is in sight.
    """
    found = select(DocumentRow.entry_id).where(_holds(wanted)).cte().prefix_with("MATERIALIZED")
    return select(EntryRow.id).join(found, col(EntryRow.id) == found.c.entry_id)


def _holds(wanted: Wanted) -> ColumnElement[bool]:
    vector = _TITLE_VECTOR if wanted.in_title else _VECTOR
    return vector.op("@@")(_words_of(wanted))


def _mark(prefix: bool, label: str) -> str:  # noqa: FBT001 - of one query term
    marks = "*" * prefix + label
    return f":{marks}" if marks else ""


def _open(wanted: Wanted, word: str) -> bool:
    return wanted.prefix and len(word) >= _PREFIX_LETTERS
