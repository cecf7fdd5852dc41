"""Full-text matching on both databases: which entries contain which words, best first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Self

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Float,
    Integer,
    String,
    any_,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    table,
    union,
    union_all,
)
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.entries import EntryId, TeamId
from storage.aggregate import TEAM
from storage.batch_sizes import batch_sizes_of
from storage.tables.entries import EntryRow
from storage.tables.search import DocumentRow

# The weights of words. A title says more than the text, and a person chose each tag.
_TITLE, _BODY, _TAGS = 5.0, 1.0, 3.0
# FTS5's index (sqlite.org/fts5.html) and PostgreSQL's column. The database itself updates both.
_FTS: Final = "document_words"
_FTS_ROW: Final[ColumnElement[Any]] = table(_FTS, column("rowid")).c.rowid
_FTS_TABLE: Final[ColumnElement[Any]] = literal_column(_FTS)
_CONFIG: Final[ColumnElement[Any]] = literal_column("'opslore'::regconfig")
_VECTOR: Final[ColumnElement[Any]] = literal_column("documents.words")
# Written as in the index on titles. The other index has no positions, so PostgreSQL would read each
# text.
_TITLE_VECTOR: Final[ColumnElement[Any]] = literal_column(
    "to_tsvector('opslore'::regconfig, documents.title)"
)
# The plus makes SQLite look up each match in the entries. It would otherwise look up each entry in
# the index, which is a thousand times slower (sqlite.org/optoverview.html, disqualifying terms by
# unary plus).
_MATCH_FIRST: Final[ColumnElement[Any]] = literal_column("+document_words.rowid")
# In PostgreSQL's order: D, C (text), B (tags), A (title).
_WEIGHTS: Final[ColumnElement[Any]] = literal_column("'{0.1, 0.2, 0.6, 1.0}'::float4[]")
# A shorter prefix matches too much.
_PREFIX_LETTERS: Final = 3
_MATCH: Final[BindParameter[str]] = bindparam("match", type_=String)
_MOST: Final[BindParameter[int]] = bindparam("most", type_=Integer)
# So many statements are kept, because building one takes longer than running it.
_MOST_BUILT: Final = 64


_Ids = SelectOfScalar[Any]


class Join(StrEnum):
    """Whether an entry must contain all words, any of them, or all in a row."""

    ALL = "all"
    ANY = "any"
    ROW = "row"


# Between the words of a query to PostgreSQL.
_GLUES: Final = {Join.ALL: " & ", Join.ANY: " | ", Join.ROW: " <-> "}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSearch:
    """Words to find, as `spelling.tokens` returns them. `prefix`: match longer words too."""

    words: Sequence[str]
    join: Join = Join.ALL
    prefix: bool = True
    in_title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The conditions that the entries meet, and the values of the parameters in them.

    Statements are built once for the same conditions, so the values that differ are parameters.
    """

    conditions: tuple[ColumnElement[bool], ...]
    params: Mapping[str, object] = field(default_factory=dict)

    def of_team(self, team: TeamId) -> Self:
        """Return the conditions for a workspace."""
        return replace(self, params={**self.params, TEAM.key: team})


def matching(session: Session, search: WordSearch, where: Where, limit: int) -> list[EntryId]:
    """Return the ids of entries that contain the words and meet `where`, best first.

    The conditions are part of the same query, so entries that they exclude aren't ranked. If
    thousands match, those with a word in the title are ranked, and the newest of the others.
    """
    if not search.words:
        return []
    sizes, conditions = batch_sizes_of(session), where.conditions
    best = (
        _best_sqlite(search, conditions, sizes.ranked_sqlite)
        if _is_sqlite(session)
        else _best_postgresql(search, conditions, sizes.ranked_postgresql)
    )
    ids = session.exec(best.limit(limit), params=where.params)
    return [EntryId(entry_id) for entry_id in ids]


def newest_matching(
    session: Session,
    searches: Sequence[WordSearch],
    where: Where,
    limit: int,
) -> list[EntryId]:
    """Return the ids of entries that match any of the searches and meet `where`.

    Each search adds its newest matches, and so many in total: those of the first search first. The
    database ranks nothing, so both return the same.
    """
    is_sqlite = _is_sqlite(session)
    params = {**where.params, _MOST.key: batch_sizes_of(session).candidates}
    for place, search in enumerate(searches):
        params[f"match{place}"] = _fts5(search) if is_sqlite else _tsquery(search)
    in_title = tuple(search.in_title for search in searches)
    statement = _newest(in_title, where.conditions, is_sqlite=is_sqlite)
    rows = sorted(session.connection().execute(statement, params), key=lambda row: row[1])
    return list(dict.fromkeys(EntryId(row[0]) for row in rows))[:limit]


@lru_cache(_MOST_BUILT)
def _newest(
    in_title: Sequence[bool], where: Sequence[ColumnElement[bool]], *, is_sqlite: bool
) -> CompoundSelect[Any]:
    """Select the newest matches of each of some searches, whose words are parameters."""
    parts = []
    for place, titled in enumerate(in_title):
        words: BindParameter[str] = bindparam(f"match{place}", type_=String)
        if is_sqlite:
            query = _sqlite(words).where(*where).order_by(_FTS_ROW.desc())
        else:
            is_match = _is_match(words, in_title=titled)
            query = _postgresql(is_match).where(*where).order_by(col(EntryRow.id).desc())
        newest = query.limit(_MOST).subquery()
        parts.append(select(newest.c.id, literal(place)))
    return union_all(*parts)


def any_matching(session: Session, search: WordSearch, where: Where) -> bool:
    """Return whether any entry contains the words and meets `where`. This ranks nothing."""
    is_sqlite = _is_sqlite(session)
    statement = _any(where.conditions, in_title=search.in_title, is_sqlite=is_sqlite)
    match = _fts5(search) if is_sqlite else _tsquery(search)
    wanted = {**where.params, _MATCH.key: match}
    return session.exec(statement, params=wanted).first() is not None


@lru_cache(_MOST_BUILT)
def _any(where: Sequence[ColumnElement[bool]], *, in_title: bool, is_sqlite: bool) -> _Ids:
    query = _sqlite(_MATCH) if is_sqlite else _postgresql_any(_is_match(_MATCH, in_title=in_title))
    return query.where(*where).limit(1)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _worth_ranking(search: WordSearch, most: int) -> list[tuple[list[WordSearch], int]]:
    """Return which matches to rank, and how many of the newest of each.

    These include nearly all of the best. The newest matches alone would miss most of them, because
    a word in the title outweighs several in the text.
    """
    if search.in_title:
        return [([search], 3 * most)]
    titled = [replace(search, join=Join.ANY, in_title=True)]
    if search.join is Join.ALL and len(search.words) > 1:
        titled.append(search)
    return [(titled, 2 * most), ([search], most)]


def _union(newest: Iterable[_Ids]) -> CompoundSelect[Any]:
    return union(*(select(query.subquery().c.id) for query in newest))


def _best_sqlite(search: WordSearch, where: Sequence[ColumnElement[bool]], newest: int) -> _Ids:
    """Match once to choose and once to rank, because bm25 needs a match and is expensive."""
    ranked = _union(
        _sqlite(_all_of(searches)).where(*where).order_by(_FTS_ROW.desc()).limit(most)
        for searches, most in _worth_ranking(search, newest)
    )
    rank = func.bm25(_FTS_TABLE, _TITLE, _BODY, _TAGS)
    return (
        select(_FTS_ROW)
        .where(_FTS_TABLE.op("MATCH")(_fts5(search)), _MATCH_FIRST.in_(ranked))
        .order_by(rank, _FTS_ROW.desc())
    )


def _sqlite(match: str | BindParameter[str]) -> _Ids:
    return (
        select(EntryRow.id)
        .join(_FTS_ROW.table, col(EntryRow.id) == _MATCH_FIRST)
        .where(_FTS_TABLE.op("MATCH")(match))
    )


def _all_of(searches: Iterable[WordSearch]) -> str:
    return " AND ".join(f"({_fts5(search)})" for search in searches)


def _fts5(search: WordSearch) -> str:
    if search.join is Join.ROW:
        return f'"{" ".join(search.words)}"'
    glue = " AND " if search.join is Join.ALL else " OR "
    match = glue.join(f'"{word}"{"*" * _is_prefix(search, word)}' for word in search.words)
    return f"title : ({match})" if search.in_title else match


def _best_postgresql(search: WordSearch, where: Sequence[ColumnElement[bool]], newest: int) -> _Ids:
    """Rank few matches, because PostgreSQL reads the words of each again, unlike FTS5."""
    ranked = _union(
        _postgresql(*map(_contains, searches))
        .where(*where)
        .order_by(col(EntryRow.id).desc())
        .limit(most)
        for searches, most in _worth_ranking(search, newest)
    ).subquery()
    label = "A" * search.in_title
    # ts_rank_cd, which also compares how close the words are, takes twice as long.
    rank = func.ts_rank(_WEIGHTS, _VECTOR, _words_of(search, label), type_=Float)
    return (
        select(DocumentRow.entry_id)
        .join(ranked, ranked.c.id == DocumentRow.entry_id)
        .order_by(rank.desc(), col(DocumentRow.entry_id).desc())
    )


def _words_of(search: WordSearch, label: str = "") -> ColumnElement[Any]:
    return func.to_tsquery(_CONFIG, literal(_tsquery(search, label)))


def _tsquery(search: WordSearch, label: str = "") -> str:
    return _GLUES[search.join].join(
        f"'{word}'{_suffix(_is_prefix(search, word), label)}" for word in search.words
    )


def _postgresql(*matches: ColumnElement[bool]) -> _Ids:
    """Select the entries that contain the words, by the index.

    The ids are in an array. The planner expects an array to be short, and looks up its entries,
    newest first, until there are enough. For a join it would read every entry, even if one in
    thirty matches. With a limit, it would read entry after entry until enough match, which takes
    longest if none does.
    """
    ids = select(DocumentRow.entry_id).where(*matches)
    return select(EntryRow.id).where(col(EntryRow.id) == any_(func.array(ids.scalar_subquery())))


def _postgresql_any(match: ColumnElement[bool]) -> _Ids:
    """Select like `_postgresql`, for callers that need one entry: rows are read until one fits.

    MATERIALIZED makes the planner use the index in spite of the limit.
    """
    ids = select(DocumentRow.entry_id).where(match).cte().prefix_with("MATERIALIZED")
    return select(EntryRow.id).join(ids, col(EntryRow.id) == ids.c.entry_id)


def _contains(search: WordSearch) -> ColumnElement[bool]:
    return _is_match(literal(_tsquery(search)), in_title=search.in_title)


def _is_match(words: ColumnElement[str], *, in_title: bool) -> ColumnElement[bool]:
    vector = _TITLE_VECTOR if in_title else _VECTOR
    return vector.op("@@")(func.to_tsquery(_CONFIG, words))


def _suffix(prefix: bool, label: str) -> str:  # noqa: FBT001 - of one query term
    marks = "*" * prefix + label
    return f":{marks}" if marks else ""


def _is_prefix(search: WordSearch, word: str) -> bool:
    return search.prefix and len(word) >= _PREFIX_LETTERS
