"""Redaction: the removal of a text everywhere. Nothing else ever changes a revision."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    RowMapping,
    Text,
    and_,
    cast,
    or_,
    true,
    update,
)
from sqlalchemy import select as columns
from sqlmodel import SQLModel, select

from bot.domain.digests import DigestId, LineId
from bot.domain.entries import EntryId
from bot.domain.gaps import GapId
from bot.domain.kinds import Kind
from bot.domain.redaction import Redaction
from bot.domain.revisions import Content
from bot.domain.visibility import Reader
from storage import form_drafts
from storage.aggregate import Queries, table_of
from storage.entries import Entries
from storage.hashes import new_salt, of_revision
from storage.search import index
from storage.table_slices import of_team, slice_conditions
from storage.tables.approval import RequestRow
from storage.tables.digests import LineRow
from storage.tables.entries import EntryRow, EvidenceRow, RevisionRow, UseRow
from storage.tables.forms import FormDraftRow
from storage.tables.listening import GapRow, HeardMessageRow, OccurrenceRow
from storage.tables.outbox import OutboxRow
from storage.visibility import is_row_visible

_CUT: Final = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedTable:
    """A table whose rows may contain a text.

    `label`: what people call a row. `words`: the columns with text. `entry_column`: the column that
    leads to the row's entry; None if no row has one.
    """

    label: str
    row: type[SQLModel]
    words: tuple[str, ...]
    entry_column: str | None = "entry_id"


SEARCHED_TABLES: Final = (
    SearchedTable(label="revision", row=RevisionRow, words=("content", "note")),
    SearchedTable(label="request for changes", row=RequestRow, words=("comment",)),
    SearchedTable(label="excerpt of a message", row=EvidenceRow, words=("excerpt",)),
    SearchedTable(label="note on a use", row=UseRow, words=("note",)),
    SearchedTable(label="gap", row=GapRow, words=("title",)),
    SearchedTable(
        label="occurrence of a gap",
        row=OccurrenceRow,
        words=("excerpt", "answer"),
        entry_column="gap_id",
    ),
    SearchedTable(
        label="message in a channel", row=HeardMessageRow, words=("excerpt",), entry_column=None
    ),
    SearchedTable(label="form", row=FormDraftRow, words=("form", "evidence")),
    SearchedTable(label="line of a digest", row=LineRow, words=("facts",)),
    SearchedTable(
        label="message of Opslore's", row=OutboxRow, words=("payload",), entry_column=None
    ),
)


# Rows are locked in the same order as everywhere else, to avoid deadlocks: outbox items and forms
# before entries, then the rows of entries, gaps before digest lines.
_BEFORE_ENTRIES: Final = (OutboxRow, FormDraftRow)
_AFTER_ENTRIES: Final = (
    RequestRow,
    EvidenceRow,
    UseRow,
    GapRow,
    OccurrenceRow,
    HeardMessageRow,
    LineRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionMatch:
    """A row that contained the text when it was searched, by its primary key.

    `entry`: the entry that it belongs to, if any. `is_visible`: the person who redacts may see it.
    """

    table: SearchedTable
    key: tuple[Any, ...]
    entry: EntryId | None
    is_visible: bool


@dataclass
class RedactionResult:
    """The result of a redaction: how many rows it changed, and what has to be redrawn.

    `counts`: changed rows by label. `visible_counts`: those that the person who redacts may see.
    `revisions`: the new hashes of changed revisions, by entry and number.
    """

    counts: Counter[str] = field(default_factory=Counter)
    visible_counts: Counter[str] = field(default_factory=Counter)
    revisions: dict[EntryId, dict[int, str]] = field(default_factory=dict)
    entries: set[EntryId] = field(default_factory=set)
    lines: list[tuple[DigestId, LineId]] = field(default_factory=list)
    gaps: set[GapId] = field(default_factory=set)

    def count(self, change: "_Change") -> None:
        """Count a row that was changed."""
        self.counts[change.table.label] += 1
        if change.is_visible:
            self.visible_counts[change.table.label] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A locked row that contains the text. `values`: the changed columns without the text."""

    table: SearchedTable
    row: RowMapping
    values: dict[str, Any]
    is_visible: bool


class Redactions(Queries):
    """The search for a text in a workspace, and its removal."""

    def find(
        self, text: Redaction, entry: EntryId | None = None, *, reader: Reader | None = None
    ) -> list[RedactionMatch]:
        """Return all rows that contain the text, or those of one entry.

        `reader`: the person who redacts; None may see all rows.
        """
        return list(self._matches(text, entry, reader))

    def redact(self, text: Redaction, matches: Sequence[RedactionMatch]) -> RedactionResult:
        """Replace the text in these rows with a mark.

        The text may have been copied to other rows since the search, so search for it again.
        """
        result = RedactionResult()
        for change in self._lock_changes(matches, _BEFORE_ENTRIES, text):
            result.count(change)
            if change.table.row is FormDraftRow and change.row["saved"] is None:
                self._reopen(change)
            else:
                self._store(change)
        Entries(self._session, self._team).lock(
            match.entry for match in matches if match.entry is not None
        )
        self._rewrite_revisions(matches, text, result)
        for change in self._lock_changes(matches, _AFTER_ENTRIES, text):
            result.count(change)
            self._store(change)
            if change.table.row in (EvidenceRow, UseRow, RequestRow):
                result.entries.add(EntryId(change.row["entry_id"]))
            elif change.table.row is LineRow:
                result.lines.append((DigestId(change.row["digest_id"]), LineId(change.row["id"])))
            elif change.table.row is OccurrenceRow:
                result.gaps.add(GapId(change.row["gap_id"]))
        result.counts = _in_order(result.counts)
        result.visible_counts = _in_order(result.visible_counts)
        return result

    def _matches(
        self, text: Redaction, entry: EntryId | None, reader: Reader | None
    ) -> Iterator[RedactionMatch]:
        for searched in SEARCHED_TABLES:
            if entry is not None and searched.entry_column is None:
                continue
            connection, table = self._session.connection(), table_of(searched.row)
            is_visible = is_row_visible(table, self._team, reader).label("_is_visible")
            query = columns(table, is_visible).where(
                of_team(table, self._team), _may_contain(searched, text)
            )
            if entry is not None:
                query = query.where(self._is_of_entry(searched, entry))
            for part in (
                slice_conditions(connection, table, self._team) if entry is None else [true()]
            ):
                for row in connection.execute(query.where(part)).mappings():
                    if _redacted_values(searched, row, text):
                        yield RedactionMatch(
                            table=searched,
                            key=tuple(row[column.name] for column in table.primary_key),
                            entry=(
                                row["entry_id"] if searched.entry_column == "entry_id" else None
                            ),
                            is_visible=bool(row["_is_visible"]),
                        )

    def _lock_changes(
        self, matches: Iterable[RedactionMatch], rows: Sequence[type[SQLModel]], text: Redaction
    ) -> Iterator[_Change]:
        """Lock the rows of the matches in these tables, and yield those that contain the text.

        They are read again, so that the redaction doesn't undo what others saved or deleted since
        the search.
        """
        for row_class in rows:
            table = table_of(row_class)
            for match in sorted(
                (match for match in matches if match.table.row is row_class),
                key=lambda match: match.key,
            ):
                mine = [
                    column == value
                    for column, value in zip(table.primary_key, match.key, strict=True)
                ]
                query = columns(table).where(table.c.team_id == self._team, *mine)
                result = self._session.connection().execute(query.with_for_update())
                row = result.mappings().first()
                values = {} if row is None else _redacted_values(match.table, row, text)
                if row is not None and values:
                    yield _Change(
                        table=match.table, row=row, values=values, is_visible=match.is_visible
                    )

    def _is_of_entry(self, searched: SearchedTable, entry: EntryId) -> ColumnElement[bool]:
        table = table_of(searched.row)
        if searched.entry_column == "gap_id":
            gaps = select(GapRow.id).where(GapRow.team_id == self._team, GapRow.entry_id == entry)
            return table.c.gap_id.in_(gaps)
        return table.c.entry_id == entry

    def _store(self, change: _Change) -> None:
        table = table_of(change.table.row)
        mine = [column == change.row[column.name] for column in table.primary_key]
        salt = {"salt": new_salt()} if "salt" in table.c else {}
        self._session.exec(update(table).where(*mine).values(salt | change.values))

    def _rewrite_revisions(
        self, matches: Iterable[RedactionMatch], text: Redaction, result: RedactionResult
    ) -> None:
        """Change revisions and note their new hashes. The audit keeps the old ones.

        The search no longer finds the entries by the removed words.
        """
        removed_terms, in_force = set[str](), dict[EntryId, Content]()
        for change in self._lock_changes(matches, [RevisionRow], text):
            change.values["salt"] = new_salt()
            self._store(change)
            row = change.row
            new_row = {**row, **change.values}
            entry_id, kind = EntryId(row["entry_id"]), Kind(row["kind"])
            result.count(change)
            result.entries.add(entry_id)
            result.revisions.setdefault(entry_id, {})[row["number"]] = of_revision(new_row)
            before = Content(kind=kind, values=row["content"])
            after = Content(kind=kind, values=new_row["content"])
            removed_terms |= index.terms(before) - index.terms(after)
            if self._retitle_entry(entry_id, row["number"], after.title):
                in_force[entry_id] = after
        index.write(self._session, self._team, in_force, removed_terms)

    def _retitle_entry(self, entry_id: EntryId, number: int, title: str) -> bool:
        """Copy a revision's title to its entry's row; False if the revision isn't in force."""
        query = select(EntryRow).where(
            EntryRow.team_id == self._team, EntryRow.id == entry_id, EntryRow.revision == number
        )
        row = self._session.exec(query).first()
        if row is None:
            return False
        row.title, row.salt = title, new_salt()
        self._flush(row)
        return True

    def _reopen(self, change: _Change) -> None:
        """Give an open form another id, because a screen may still show the text.

        If the form is sent from there, its old id is unknown, and the redacted form is offered.
        """
        table = table_of(FormDraftRow)
        mine = (table.c.team_id == self._team, table.c.id == change.row["id"])
        values = {name: value for name, value in change.row.items() if name != "id"}
        values |= change.values
        values["form"] = form_drafts.redacted_form(change.row["form"], values["form"])
        self._session.connection().execute(table.delete().where(*mine))
        self._session.connection().execute(table.insert().values(values))


def _in_order(counts: Counter[str]) -> Counter[str]:
    """Return counts by label in the order of `SEARCHED_TABLES`, in which people read them."""
    labels = [searched.label for searched in SEARCHED_TABLES]
    return Counter({label: counts[label] for label in labels if label in counts})


def _redacted_values(searched: SearchedTable, row: RowMapping, text: Redaction) -> dict[str, Any]:
    """Return the columns of a row that contain the text, without the text."""
    values: dict[str, Any] = {name: text.out_of_json(row[name]) for name in searched.words}
    return {name: value for name, value in values.items() if value != row[name]}


def _may_contain(searched: SearchedTable, text: Redaction) -> ColumnElement[bool]:
    """Match all rows that contain the text, and maybe others, so that few rows are read."""
    table = table_of(searched.row)
    conditions: list[ColumnElement[bool]] = [
        _contains_any(table.c[name], text.needles)
        | and_(_contains_any(table.c[name], [_CUT]), _contains_any(table.c[name], text.beginnings))
        for name in searched.words
    ]
    return or_(*conditions)


def _contains_any(column: Any, texts: Sequence[str]) -> ColumnElement[bool]:  # noqa: ANN401 - of any type
    if isinstance(column.type, JSON):
        texts = [json.dumps(text)[1:-1] for text in texts]
    words = cast(column, Text)
    return or_(*(words.icontains(text, autoescape=True) for text in texts))
