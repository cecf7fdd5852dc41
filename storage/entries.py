"""The queries that write entries and read them by key or id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from bot.domain.certification import Verdict
from bot.domain.entries import ChannelId, Entry, EntryId, Key, Origin, State, UserId
from bot.domain.kinds import Kind
from bot.domain.revisions import Change, Content, Effect, Revision
from bot.domain.visibility import Reader
from storage.aggregate import IDS, TEAM, batches, dialect_of, insert, table_of
from storage.audit.chain import Audit
from storage.digest_entries import DigestEntries
from storage.due_reasons import DueReasons
from storage.entry_rows import WITH_REVISION, entries_of, id_of
from storage.entry_writing import EntryWriting, row_values
from storage.evidence import EvidenceOfEntries
from storage.membership_changes import MembershipChanges
from storage.revisions import Revisions
from storage.tables.entries import EntryRow, RevisionRow
from storage.tables.workspaces import CounterRow
from storage.verdicts import GivenVerdict, Verdicts
from storage.visible_entries import VisibleEntries

__all__ = ["Entries", "VisibleEntries"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _EntryQuery:
    """The statements that read one entry and lock it."""

    read: "Select[EntryRow, RevisionRow]"
    lock: SelectOfScalar[int] | SelectOfScalar[None]


def _entry_query(*where: object) -> _EntryQuery:
    conditions: Any = (EntryRow.team_id == TEAM, *where)
    # The lock needs a statement of its own. If another transaction changed the row while this one
    # waited, PostgreSQL reads only the locked table again. In a join, the new row would meet the
    # old revision.
    return _EntryQuery(
        read=WITH_REVISION.where(*conditions),
        lock=select(EntryRow.id).where(*conditions).with_for_update(),
    )


_BY_KEY: Final = _entry_query(
    EntryRow.kind == bindparam("kind"), EntryRow.number == bindparam("number")
)
_BY_ID: Final = _entry_query(EntryRow.id == bindparam("id"))
_BY_IDS: Final = WITH_REVISION.where(EntryRow.team_id == TEAM, col(EntryRow.id).in_(IDS))
_ROW: Final = (
    select(EntryRow)
    .where(EntryRow.team_id == TEAM, EntryRow.id == bindparam("id"))
    .with_for_update()
)


class Entries(EntryWriting):
    """The entries of a workspace. To show entries to a person, use `visible_to`."""

    def add(
        self,
        content: Content,
        *,
        home: ChannelId,
        author: UserId,
        at: datetime,
        due_at: datetime,
        note: str = "",
        origin: Origin = Origin(),
        draft: bool = False,
    ) -> Entry:
        """Record an entry as revision 1, under the next number of its kind.

        `draft`: the revision waits for approval. It is in force after `land`.
        """
        row = EntryRow(
            team_id=self._team,
            kind=content.kind.value,
            number=self._next_number(content.kind),
            state=(State.DRAFT if draft else State.IN_FORCE).value,
            home=home,
            revision=1,
            created_at=at,
            due_at=due_at,
            thread_ts=origin.thread_ts,
            **row_values(content, at),
        )
        self._flush(row)
        first = Revision(
            number=1, content=content, author=author, at=at, note=note, change=Change.RECORDED
        )
        self._write(row, first)
        if draft:
            self._show(row, content)
        else:
            self._land(row, first, at)
        sources = EvidenceOfEntries(self._session, self._team)
        for source in origin.evidence:
            sources.add(id_of(row), source)
        return self._require(id_of(row))

    def get(self, key: Key, *, lock: bool = False) -> Entry | None:
        """Return the entry of a key; the revision that the key cites doesn't matter.

        `lock`: lock the entry until the transaction ends.
        """
        return self._get(_BY_KEY, lock, kind=key.kind.value, number=key.number)

    def by_id(self, entry_id: EntryId, *, lock: bool = False) -> Entry | None:
        """Return the entry of an id. `lock`: lock it until the transaction ends."""
        return self._get(_BY_ID, lock, id=entry_id)

    def by_ids(self, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Return the entries of these ids."""
        by_id: dict[EntryId, Entry] = {}
        for batch in batches(self._session, sorted(set(ids))):
            params = {"team": self._team, "ids": batch}
            entries = entries_of(self._session, self._team, _BY_IDS, params)
            by_id |= {entry.id: entry for entry in entries}
        return by_id

    def lock(self, ids: Iterable[EntryId]) -> None:
        """Lock these entries until the transaction ends.

        The order of their ids prevents a deadlock of two transactions that lock some of the same.
        """
        for entry_id in sorted(set(ids)):
            self._session.exec(_BY_ID.lock, params={"team": self._team, "id": entry_id}).all()

    def write(
        self,
        entry_id: EntryId,
        content: Content,
        *,
        author: UserId,
        at: datetime,
        note: str,
        change: Change,
        effect: Effect = Effect.WORDING,
        superseded_by: str = "",
    ) -> Revision:
        """Write the next revision of an entry. It is in force after `land`.

        A draft shows the new revision at once, because a draft has no revision in force.
        """
        row = self._row(entry_id)
        number = Revisions(self._session, self._team).last(entry_id) + 1
        revision = Revision(
            number=number,
            content=content,
            author=author,
            at=at,
            note=note,
            change=change,
            effect=effect,
            superseded_by=superseded_by,
        )
        self._write(row, revision)
        if row.state == State.DRAFT.value:
            row.revision = number
            self._copy_values(row, content, at)
            self._show(row, content)
        return revision

    def withdraw(self, entry_id: EntryId) -> Entry:
        """Withdraw a draft that was never in force. Its text stays in its history."""
        row = self._row(entry_id)
        row.state = State.WITHDRAWN.value
        self._flush(row)
        return self._require(entry_id)

    def land(self, entry_id: EntryId, revision: Revision, *, by: UserId, at: datetime) -> Entry:
        """Put a written revision in force. If its rule changed, the certification lapses.

        A draft is due for review one interval after it comes into force, however long it waited.
        """
        row = self._row(entry_id)
        details: dict[str, Any] = {"entry": row.id, "revision": revision.number}
        if row.state == State.DRAFT.value:
            row.due_at = at + revision.content.review_every
            details["due"] = row.due_at.isoformat()
        cited = str(Key(kind=revision.content.kind, number=row.number, revision=revision.number))
        lapses = revision.effect is Effect.RULE and row.certified_at is not None
        row.revision = revision.number
        row.state = (State.RETIRED if revision.change.retires else State.IN_FORCE).value
        row.superseded_by = revision.superseded_by
        if revision.effect is Effect.RULE:
            row.certified_at = row.certified_by = None
        self._copy_values(row, revision.content, at)
        self._land(row, revision, at)
        Audit(self._session, self._team).add(by, "in_force", cited, details, at)
        DueReasons(self._session, self._team).drop_resolved(entry_id, revision)
        if lapses:
            DueReasons(self._session, self._team).add_lapse(entry_id, cited, at)
        return self._require(entry_id)

    def certify(
        self, entry_id: EntryId, *, revision: int, by: UserId, at: datetime, due_at: datetime
    ) -> bool:
        """Store that a person certified one exact revision, and return whether it is in force.

        If it is, the entry is certified and due again at `due_at`. A verdict on a revision that was
        replaced since then is stored, but the entry stays as it is.
        """
        row = self._row(entry_id)
        in_force = row.revision == revision
        if in_force:
            row.certified_at, row.certified_by = at, by
            row.due_at, row.snoozed_until = due_at, None
        self._flush(row)
        Verdicts(self._session, self._team).add(
            entry_id,
            GivenVerdict(revision=revision, verdict=Verdict.ACCURATE, by=by, at=at),
            due_at,
        )
        if in_force:
            DueReasons(self._session, self._team).settle(entry_id, at)
        return in_force

    def snooze(self, entry_id: EntryId, until: datetime) -> None:
        """Leave the entry out of digests until then. Its due date stays."""
        row = self._row(entry_id)
        row.snoozed_until = until
        self._flush(row)

    def visible_to(self, reader: Reader) -> VisibleEntries:
        """Return the entries that this reader may see.

        Raises:
            UnavailableError: the reader's channels changed after Slack was asked for them.
        """
        MembershipChanges(self._session, self._team).require_current(reader)
        return VisibleEntries(self._session, self._team, reader)

    def for_digests(self, channels: Sequence[ChannelId]) -> DigestEntries:
        """Return the queries for the digests of these channels."""
        return DigestEntries(self._session, self._team, channels)

    def _get(self, query: _EntryQuery, lock: bool, **params: object) -> Entry | None:  # noqa: FBT001 - its callers are above
        params["team"] = self._team
        if lock:
            self._session.exec(query.lock, params=params).all()
        entries = entries_of(self._session, self._team, query.read, params)
        return entries[0] if entries else None

    def _require(self, entry_id: EntryId) -> Entry:
        entry = self.by_id(entry_id)
        assert entry is not None
        return entry

    def _row(self, entry_id: EntryId) -> EntryRow:
        """Lock the row of an entry that exists, and return it."""
        return self._session.exec(_ROW, params={"team": self._team, "id": entry_id}).one()

    def _next_number(self, kind: Kind) -> int:
        """Take the next number of a kind. Others who take one wait for this transaction."""
        row = {"team_id": self._team, "kind": kind.value, "last": 1}
        return int(self._session.exec(_count_up(dialect_of(self._session)), params=row).one()[0])


@cache
def _count_up(dialect: str) -> ReturningInsert[tuple[int]]:
    last = table_of(CounterRow).c.last
    statement = insert(dialect, CounterRow).on_conflict_do_update(
        index_elements=["team_id", "kind"], set_={"last": last + 1}
    )
    return statement.returning(last)
