"""Entries: recorded, revised, certified; and the ways to read them."""

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
from storage.digest_entries import Homes
from storage.due_reasons import DueReasons
from storage.entry_rows import WITH_REVISION, entries_of, id_of
from storage.entry_writing import EntryWriting, repeated
from storage.evidence import EvidenceOfEntries
from storage.membership_changes import MembershipChanges
from storage.revisions import Revisions
from storage.tables.entries import EntryRow, RevisionRow
from storage.tables.workspaces import CounterRow
from storage.verdicts import GivenVerdict, Verdicts
from storage.visible_entries import VisibleEntries

__all__ = ["Entries", "VisibleEntries"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The two ways to ask for one entry."""

    read: "Select[EntryRow, RevisionRow]"
    lock: SelectOfScalar[int] | SelectOfScalar[None]


def _asked(*where: object) -> _Asked:
    one: Any = (EntryRow.team_id == TEAM, *where)
    # A lock by itself: of a row that another changed while this one waited, PostgreSQL looks again
    # at the lock's table alone, and would join it with the revision that it had before.
    return _Asked(
        read=WITH_REVISION.where(*one), lock=select(EntryRow.id).where(*one).with_for_update()
    )


_BY_KEY: Final = _asked(EntryRow.kind == bindparam("kind"), EntryRow.number == bindparam("number"))
_BY_ID: Final = _asked(EntryRow.id == bindparam("id"))
_BY_IDS: Final = WITH_REVISION.where(EntryRow.team_id == TEAM, col(EntryRow.id).in_(IDS))
_ROW: Final = (
    select(EntryRow)
    .where(EntryRow.team_id == TEAM, EntryRow.id == bindparam("id"))
    .with_for_update()
)


class Entries(EntryWriting):
    """The entries of a workspace. What goes to a person goes through `visible_to`."""

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

        `draft`: the revision waits for approval and is in force once it `land`s.
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
            **repeated(content, at),
        )
        self._flush(row)
        first = Revision(
            number=1, content=content, author=author, at=at, note=note, change=Change.RECORDED
        )
        self._write(row, first)
        if draft:
            self._show(row, content)
        else:
            self._in_force(row, first, at)
        sources = EvidenceOfEntries(self._session, self._team)
        for source in origin.evidence:
            sources.add(id_of(row), source)
        return self._known(id_of(row))

    def get(self, key: Key, *, lock: bool = False) -> Entry | None:
        """The entry of a key, whatever revision the key cites. `lock`: nobody else changes it."""
        return self._one(_BY_KEY, lock, kind=key.kind.value, number=key.number)

    def by_id(self, entry_id: EntryId, *, lock: bool = False) -> Entry | None:
        """The entry of an id. `lock`: nobody else changes it until the transaction ends."""
        return self._one(_BY_ID, lock, id=entry_id)

    def by_ids(self, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """The entries of some ids."""
        found: dict[EntryId, Entry] = {}
        for some in batches(self._session, sorted(set(ids))):
            params = {"team": self._team, "ids": some}
            entries = entries_of(self._session, self._team, _BY_IDS, params)
            found |= {entry.id: entry for entry in entries}
        return found

    def lock(self, ids: Iterable[EntryId]) -> None:
        """See to it that nobody else changes these entries until the transaction ends.

        In the order of their ids: of two who lock some of the same, neither waits for the other for
        ever.
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
        """Write the next revision of an entry; it is in force once it `land`s.

        A draft shows it at once, because nothing else of it is in force.
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
            self._repeat(row, content, at)
            self._show(row, content)
        return revision

    def withdraw(self, entry_id: EntryId) -> Entry:
        """End a draft that was never in force; its text stays in its history."""
        row = self._row(entry_id)
        row.state = State.WITHDRAWN.value
        self._flush(row)
        return self._known(entry_id)

    def land(self, entry_id: EntryId, revision: Revision, *, by: UserId, at: datetime) -> Entry:
        """Put a written revision in force; with a changed rule, a certification lapses.

        A draft is due for review one interval after it came in force, however long it waited.
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
        self._repeat(row, revision.content, at)
        self._in_force(row, revision, at)
        Audit(self._session, self._team).add(by, "in_force", cited, details, at)
        DueReasons(self._session, self._team).mend(entry_id, revision)
        if lapses:
            DueReasons(self._session, self._team).lapse(entry_id, cited, at)
        return self._known(entry_id)

    def certify(
        self, entry_id: EntryId, *, revision: int, by: UserId, at: datetime, due_at: datetime
    ) -> bool:
        """Keep that a person vouched for one exact revision.

        True if it is the one in force: the entry is then certified and due at `due_at`. A verdict
        on a revision that was replaced meanwhile is kept, and moves nothing.
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
        """Leave it out of digests until then; the due date stays."""
        row = self._row(entry_id)
        row.snoozed_until = until
        self._flush(row)

    def visible_to(self, reader: Reader) -> VisibleEntries:
        """Return what this reader may see, if Slack was asked about them after their last move."""
        MembershipChanges(self._session, self._team).require_current(reader)
        return VisibleEntries(self._session, self._team, reader)

    def for_digests(self, channels: Sequence[ChannelId]) -> Homes:
        """Return what lives in some channels: for their digests."""
        return Homes(self._session, self._team, channels)

    def _one(self, asked: _Asked, lock: bool, **params: object) -> Entry | None:  # noqa: FBT001 - its callers are beside it
        params["team"] = self._team
        if lock:
            self._session.exec(asked.lock, params=params).all()
        found = entries_of(self._session, self._team, asked.read, params)
        return found[0] if found else None

    def _known(self, entry_id: EntryId) -> Entry:
        entry = self.by_id(entry_id)
        assert entry is not None
        return entry

    def _row(self, entry_id: EntryId) -> EntryRow:
        """The entry's row, locked; callers have read the entry before."""
        return self._session.exec(_ROW, params={"team": self._team, "id": entry_id}).one()

    def _next_number(self, kind: Kind) -> int:
        """Count up; whoever comes at the same time waits for this transaction."""
        row = {"team_id": self._team, "kind": kind.value, "last": 1}
        return int(self._session.exec(_counted(dialect_of(self._session)), params=row).one()[0])


@cache
def _counted(dialect: str) -> ReturningInsert[tuple[int]]:
    last = table_of(CounterRow).c.last
    statement = insert(dialect, CounterRow).on_conflict_do_update(
        index_elements=["team_id", "kind"], set_={"last": last + 1}
    )
    return statement.returning(last)
