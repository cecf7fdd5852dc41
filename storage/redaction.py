"""Taking a text out of all that was kept: the one path on which a revision is ever changed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    RowMapping,
    Table,
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
from storage.tables.listening import GapRow, OccurrenceRow, PromptRow
from storage.tables.outbox import OutboxRow
from storage.visibility import is_row_visible

_CUT: Final = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedTable:
    """Rows that may hold a text: what a person calls them, and which columns hold words.

    `terms`: columns that count words. `of`: how a row is known to be an entry's; None if it is of
    none.
    """

    called: str
    row: type[SQLModel]
    words: tuple[str, ...]
    terms: tuple[str, ...] = ()
    of: str | None = "entry_id"


SEARCHED_TABLES: Final = (
    SearchedTable(called="revision", row=RevisionRow, words=("content", "note")),
    SearchedTable(called="request for changes", row=RequestRow, words=("comment",)),
    SearchedTable(called="excerpt of a message", row=EvidenceRow, words=("excerpt",)),
    SearchedTable(called="note on a use", row=UseRow, words=("note",)),
    SearchedTable(called="gap", row=GapRow, words=("title",), terms=("terms",)),
    SearchedTable(
        called="occurrence of a gap",
        row=OccurrenceRow,
        words=("excerpt",),
        terms=("terms",),
        of="gap_id",
    ),
    SearchedTable(called="prompt", row=PromptRow, words=(), terms=("terms",)),
    SearchedTable(called="form", row=FormDraftRow, words=("form", "evidence")),
    SearchedTable(called="line of a digest", row=LineRow, words=("facts",)),
    SearchedTable(called="message of Opslore's", row=OutboxRow, words=("payload",), of=None),
)


# Rows are locked in the order in which others lock them, so that none waits for one who waits for
# it: what waits to be told, and forms, before entries; then what belongs to entries, and their
# words; paths before the lines of digests, and prompts last.
_BEFORE_ENTRIES: Final = (OutboxRow, FormDraftRow)
_AFTER_ENTRIES: Final = (
    RequestRow,
    EvidenceRow,
    UseRow,
    GapRow,
    OccurrenceRow,
    LineRow,
    PromptRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionMatch:
    """A row that held the text when it was looked at, by its primary key.

    `entry`: of which it is. `seen`: whoever takes the text out may see it.
    """

    place: SearchedTable
    key: tuple[Any, ...]
    entry: EntryId | None
    seen: bool


@dataclass
class RedactionResult:
    """What was taken out: how many rows of each kind, and what is to be drawn anew.

    `seen`: how many of the `places` their reader may see. `revisions`: of each entry the hashes of
    what its revisions say now.
    """

    places: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    revisions: dict[EntryId, dict[int, str]] = field(default_factory=dict)
    entries: set[EntryId] = field(default_factory=set)
    lines: list[tuple[DigestId, LineId]] = field(default_factory=list)

    def note(self, place: SearchedTable, *, seen: bool) -> None:
        """Count a row from which the text was taken out."""
        self.places[place.called] += 1
        if seen:
            self.seen[place.called] += 1


class Redactions(Queries):
    """Erasures in a workspace; of one entry alone where `entry` is given."""

    def find(
        self, text: Redaction, entry: EntryId | None = None, *, reader: Reader | None = None
    ) -> list[RedactionMatch]:
        """Return each row that holds the text, and whether this reader may see it."""
        return list(self._held(text, entry, reader))

    def redact(self, text: Redaction, held: Sequence[RedactionMatch]) -> RedactionResult:
        """Put a mark wherever the text is in these rows. Whoever looks for it finds the mark.

        What holds it may have moved on since to where nobody looked: look for it again.
        """
        erased = RedactionResult()
        for place, row, cleared, seen in self._locked(held, _BEFORE_ENTRIES, text):
            erased.note(place, seen=seen)
            if place.row is FormDraftRow and row["saved"] is None:
                self._reopen(row, cleared)
            else:
                self._put(table_of(place.row), row, cleared)
        Entries(self._session, self._team).lock(one.entry for one in held if one.entry is not None)
        self._rewrite(held, text, erased)
        for place, row, cleared, seen in self._locked(held, _AFTER_ENTRIES, text):
            erased.note(place, seen=seen)
            self._put(table_of(place.row), row, cleared)
            if place.row in (EvidenceRow, UseRow, RequestRow):
                erased.entries.add(EntryId(row["entry_id"]))
            elif place.row is LineRow:
                erased.lines.append((DigestId(row["digest_id"]), LineId(row["id"])))
        erased.places = _ordered(erased.places)
        erased.seen = _ordered(erased.seen)
        return erased

    def _held(
        self, text: Redaction, entry: EntryId | None, reader: Reader | None
    ) -> Iterator[RedactionMatch]:
        """Each row that holds the text."""
        for place in SEARCHED_TABLES:
            if entry is not None and place.of is None:
                continue
            connection, table = self._session.connection(), table_of(place.row)
            seen = is_row_visible(table, self._team, reader).label("_seen")
            query = columns(table, seen).where(of_team(table, self._team), _may_hold(place, text))
            if entry is not None:
                query = query.where(self._of(place, entry))
            for part in (
                slice_conditions(connection, table, self._team) if entry is None else [true()]
            ):
                for row in connection.execute(query.where(part)).mappings():
                    if _cleared(place, row, text):
                        key = tuple(row[part.name] for part in table.primary_key)
                        of = row["entry_id"] if place.of == "entry_id" else None
                        yield RedactionMatch(
                            place=place, key=key, entry=of, seen=bool(row["_seen"])
                        )

    def _locked(
        self, held: Iterable[RedactionMatch], rows: Sequence[type[SQLModel]], text: Redaction
    ) -> Iterator[tuple[SearchedTable, RowMapping, dict[str, Any], bool]]:
        """Of those in these tables each row, locked, without the text; and whether it is seen.

        As it stands now: since it was looked at, somebody may have saved or deleted what it holds,
        and that is not to be undone.
        """
        for row_class in rows:
            table = table_of(row_class)
            for one in sorted(
                (one for one in held if one.place.row is row_class), key=lambda one: one.key
            ):
                mine = [
                    part == value for part, value in zip(table.primary_key, one.key, strict=True)
                ]
                query = columns(table).where(table.c.team_id == self._team, *mine)
                found = self._session.connection().execute(query.with_for_update())
                row = found.mappings().first()
                cleared = {} if row is None else _cleared(one.place, row, text)
                if row is not None and cleared:
                    yield one.place, row, cleared, one.seen

    def _of(self, place: SearchedTable, entry: EntryId) -> ColumnElement[bool]:
        table = table_of(place.row)
        if place.of == "gap_id":
            gaps = select(GapRow.id).where(GapRow.team_id == self._team, GapRow.entry_id == entry)
            return table.c.gap_id.in_(gaps)
        return table.c.entry_id == entry

    def _put(self, table: Table, row: RowMapping, cleared: dict[str, Any]) -> None:
        mine = [part == row[part.name] for part in table.primary_key]
        salt = {"salt": new_salt()} if "salt" in table.c else {}
        self._session.exec(update(table).where(*mine).values(salt | cleared))

    def _rewrite(
        self, held: Iterable[RedactionMatch], text: Redaction, erased: RedactionResult
    ) -> None:
        """Change revisions; their hashes stay, and what they say now has one too.

        By what was taken out they are no longer to be found.
        """
        gone, in_force = set[str](), dict[EntryId, Content]()
        for place, row, cleared, seen in self._locked(held, [RevisionRow], text):
            now = {**row, **cleared, "salt": new_salt()}
            self._put(table_of(RevisionRow), row, cleared | {"salt": now["salt"]})
            entry_id, kind = EntryId(row["entry_id"]), Kind(row["kind"])
            erased.note(place, seen=seen)
            erased.entries.add(entry_id)
            erased.revisions.setdefault(entry_id, {})[row["number"]] = of_revision(now)
            before, after = (
                Content(kind=kind, values=row["content"]),
                Content(kind=kind, values=now["content"]),
            )
            gone |= index.terms(before) - index.terms(after)
            if self._retitle(entry_id, row["number"], after.title):
                in_force[entry_id] = after
        index.write(self._session, self._team, in_force, gone)

    def _retitle(self, entry_id: EntryId, number: int, title: str) -> bool:
        """Repeat the title of the revision in force in its entry's row; False of any other one."""
        query = select(EntryRow).where(
            EntryRow.team_id == self._team, EntryRow.id == entry_id, EntryRow.revision == number
        )
        found = self._session.exec(query).first()
        if found is None:
            return False
        found.title, found.salt = title, new_salt()
        self._flush(found)
        return True

    def _reopen(self, row: RowMapping, cleared: dict[str, Any]) -> None:
        """Keep an open form under another number: on a screen it may still show the text.

        Sent from there it is no longer known, and what was kept of it is offered again.
        """
        table = table_of(FormDraftRow)
        mine = (table.c.team_id == self._team, table.c.id == row["id"])
        kept = {name: value for name, value in row.items() if name != "id"} | cleared
        kept["form"] = form_drafts.redacted(row["form"], kept["form"])
        self._session.connection().execute(table.delete().where(*mine))
        self._session.connection().execute(table.insert().values(kept))


def _ordered(counts: Counter[str]) -> Counter[str]:
    """The kinds of places that were found, in the order in which people read them."""
    return Counter(
        {one.called: counts[one.called] for one in SEARCHED_TABLES if one.called in counts}
    )


def _cleared(place: SearchedTable, row: RowMapping, text: Redaction) -> dict[str, Any]:
    """The columns of a row that held the text, as they are without it."""
    now: dict[str, Any] = {name: text.out_of_json(row[name]) for name in place.words}
    now |= {name: text.out_of_terms(row[name]) for name in place.terms}
    return {name: value for name, value in now.items() if value != row[name]}


def _may_hold(place: SearchedTable, text: Redaction) -> ColumnElement[bool]:
    """A first look by the database, which finds too much and never too little."""
    table = table_of(place.row)
    found: list[ColumnElement[bool]] = [
        _any_in(table.c[name], text.needles)
        | and_(_any_in(table.c[name], [_CUT]), _any_in(table.c[name], text.beginnings))
        for name in place.words
    ]
    found += [
        _any_in(table.c[name], [*text.needles, *sorted(text.terms)[:1]]) for name in place.terms
    ]
    return or_(*found)


def _any_in(column: Any, texts: Sequence[str]) -> ColumnElement[bool]:  # noqa: ANN401 - of any type
    if isinstance(column.type, JSON):
        texts = [json.dumps(text)[1:-1] for text in texts]
    words = cast(column, Text)
    return or_(*(words.icontains(text, autoescape=True) for text in texts))
