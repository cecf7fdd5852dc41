"""What one reader may see: the only way from entries to a person."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    and_,
    cast,
    exists,
    or_,
    union,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.domain.entries import ChannelId, Entry, EntryId, Key, State, TeamId, UserId
from bot.domain.kinds import Kind
from bot.domain.revisions import Revision
from bot.domain.visibility import Reader
from storage.entry_rows import entries_of, is_due, is_landed_revision, revision_of, with_revision
from storage.reliance import Reliance
from storage.search.queries import Search
from storage.search.spelling import distance, slips
from storage.tables.entries import EntryRow, EvidenceRow, LandingRow, LinkRow, RevisionRow
from storage.tables.review import VerdictRow
from storage.visibility import is_entry_visible

_IN_FORCE = col(EntryRow.state) == State.IN_FORCE.value
# What people find and link to: drafts too, which say that they are drafts wherever they appear.
_CURRENT = col(EntryRow.state).in_([State.DRAFT.value, State.IN_FORCE.value])
_KEY_PREFIX: Final = re.compile(r"(?:(dec|hnd|esc)[-\s]?)?([1-9][0-9]{0,8})?", re.IGNORECASE)
_CLOSE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A revision that came into force: its key, `DEC-7@3`, what it says, and since when."""

    key: Key
    revision: Revision
    at: datetime


class VisibleEntries(Reliance):
    """Entries as one reader may see them: `bot.domain.visibility.may_see`, as SQL."""

    def __init__(self, session: Session, team: TeamId, reader: Reader) -> None:
        super().__init__(session, team)
        self._seen = and_(col(EntryRow.team_id) == team, is_entry_visible(team, reader))

    def get(self, key: Key) -> Entry | None:
        """The entry of a key; None if there is none, or none for this reader."""
        found = self._read(EntryRow.kind == key.kind.value, EntryRow.number == key.number)
        return found[0] if found else None

    def has(self, key: Key) -> bool:
        """Tell whether this reader may see the entry of a key."""
        return bool(self._ids(key, [self._seen]))

    def search(
        self, words: str, *, limit: int = 10, kind: Kind | None = None, current: bool = True
    ) -> list[Entry]:
        """What holds the words, best first; an entry whose key was typed comes before all.

        `current`: leave out what is retired or withdrawn.

        Entries with all the words come first, then those with some. A word that nothing holds is
        taken for the nearest one that something does hold.
        """
        where = [self._seen, *self._only(kind, current=current)]
        key = Key.parse(words)
        named = [] if key is None else self._ids(key, where)
        found = Search(self._session, self._team, where).find(words, limit, exact=key is not None)
        return self._in_order(list(dict.fromkeys([*named, *found]))[:limit])

    def suggest(self, words: str, kind: Kind | None, limit: int) -> list[Entry]:
        """What may be meant by half a key or title, drafts too; nothing typed: the newest."""
        where = [self._seen, *self._only(kind, current=True)]
        typed = _KEY_PREFIX.fullmatch(words.strip())
        if typed is None:
            found = Search(self._session, self._team, where).begun(words, limit)
            return self._in_order(found)
        prefix, number = typed.groups()
        query = with_revision(self._team).where(*where)
        if prefix:
            kinds = [each.value for each in Kind if each.prefix == prefix.upper()]
            query = query.where(col(EntryRow.kind).in_(kinds))
        if number:
            query = query.where(cast(EntryRow.number, String).startswith(number))
            query = query.order_by(col(EntryRow.number))
        query = query.order_by(col(EntryRow.created_at).desc(), col(EntryRow.id).desc())
        return entries_of(self._session, self._team, query.limit(limit))

    def owned_by(self, user: UserId, limit: int) -> list[Entry]:
        """What this user answers for, drafts too; what is due first."""
        query = with_revision(self._team).where(self._seen, _CURRENT, EntryRow.owner == user)
        query = query.order_by(col(EntryRow.due_at), col(EntryRow.id)).limit(limit)
        return entries_of(self._session, self._team, query)

    def owned_or_backed_up_by(self, user: UserId) -> list[Entry]:
        """What is in force and this user owns or backs up, in the order of keys."""
        theirs = or_(col(EntryRow.owner) == user, col(EntryRow.backup) == user)
        query = with_revision(self._team).where(self._seen, _IN_FORCE, theirs)
        query = query.order_by(col(EntryRow.kind), col(EntryRow.number))
        return entries_of(self._session, self._team, query)

    def to_review(self, user: UserId, now: datetime, limit: int) -> list[Entry]:
        """What is due and this user owns, backs up or was asked about; the longest due first."""
        query = with_revision(self._team).where(col(EntryRow.id).in_(self._reviewed_by(user, now)))
        query = query.order_by(col(EntryRow.due_at), col(EntryRow.id)).limit(limit)
        return entries_of(self._session, self._team, query)

    def _reviewed_by(self, user: UserId, now: datetime) -> CompoundSelect[int]:
        """Their ids. Each part has an index, which one `or` of the three would not use."""
        after = aliased(VerdictRow)
        answered = exists().where(
            col(after.team_id) == VerdictRow.team_id,
            col(after.entry_id) == VerdictRow.entry_id,
            col(after.id) > VerdictRow.id,
        )
        asked = and_(
            col(VerdictRow.team_id) == EntryRow.team_id,
            col(VerdictRow.entry_id) == EntryRow.id,
            col(VerdictRow.asked) == user,
            ~answered,
        )
        due = select(EntryRow.id).where(self._seen, _IN_FORCE, is_due(now))
        return union(
            due.where(EntryRow.owner == user),
            due.where(EntryRow.backup == user),
            due.join(VerdictRow, asked),
        )

    def captured_in(self, channel: ChannelId, root: str) -> list[Entry]:
        """What was captured in a thread, drafts too, in the order in which it was."""
        sources = select(EvidenceRow.entry_id).where(
            EvidenceRow.team_id == self._team,
            EvidenceRow.channel == channel,
            EvidenceRow.ts == root,
        )
        here = and_(col(EntryRow.home) == channel, col(EntryRow.thread_ts) == root)
        query = with_revision(self._team).where(
            self._seen, _CURRENT, or_(here, col(EntryRow.id).in_(sources))
        )
        return entries_of(self._session, self._team, query.order_by(col(EntryRow.id)))

    def covering(self, terms: Iterable[str], limit: int, *, drafts: bool = False) -> list[Entry]:
        """What is in force, or a draft if `drafts`, and holds any of the terms, best first."""
        where = [self._seen, _CURRENT if drafts else _IN_FORCE]
        return self._in_order(Search(self._session, self._team, where).covering(terms, limit))

    def linking_to(self, key: Key) -> list[Key]:
        """What is in force and names this entry in one of its fields, in the order of keys."""
        links = select(LinkRow.entry_id).where(
            LinkRow.team_id == self._team,
            LinkRow.to_kind == key.kind.value,
            LinkRow.to_number == key.number,
        )
        query = select(EntryRow.kind, EntryRow.number).where(
            self._seen, _IN_FORCE, col(EntryRow.id).in_(links)
        )
        query = query.order_by(col(EntryRow.kind), col(EntryRow.number))
        return [Key(kind=Kind(kind), number=number) for kind, number in self._session.exec(query)]

    def superseded_by(self, key: Key) -> list[Key]:
        """The entries whose place this one took, in the order of keys."""
        query = select(EntryRow.kind, EntryRow.number).where(
            self._seen, EntryRow.superseded_by == str(key.entry)
        )
        query = query.order_by(col(EntryRow.kind), col(EntryRow.number))
        return [Key(kind=Kind(kind), number=number) for kind, number in self._session.exec(query)]

    def landed_since(self, at: datetime, limit: int) -> list[Landing]:
        """What came into force since, of whatever entry, the latest first."""
        query = select(EntryRow, RevisionRow, LandingRow).where(
            self._seen,
            col(EntryRow.team_id) == LandingRow.team_id,
            col(EntryRow.id) == LandingRow.entry_id,
            is_landed_revision(),
            col(LandingRow.at) >= at,
        )
        query = query.order_by(
            col(LandingRow.at).desc(), col(LandingRow.entry_id), col(LandingRow.revision).desc()
        )
        return [
            Landing(
                key=Key(kind=Kind(entry.kind), number=entry.number, revision=landing.revision),
                revision=revision_of(revision),
                at=landing.at,
            )
            for entry, revision, landing in self._session.exec(query.limit(limit))
        ]

    def close_keys(self, key: Key) -> list[Key]:
        """Keys that may have been meant by one that does not exist; the nearest first."""
        numbers = {key.number - 1, key.number + 1, *slips(key.number)}
        query = select(EntryRow.kind, EntryRow.number).where(
            self._seen,
            or_(
                col(EntryRow.number) == key.number,
                and_(
                    col(EntryRow.kind) == key.kind.value, col(EntryRow.number).in_(sorted(numbers))
                ),
            ),
        )
        found = [Key(kind=Kind(kind), number=number) for kind, number in self._session.exec(query)]
        found = [near for near in found if near != key.entry]
        return sorted(found, key=lambda near: _apart(key, near))[:_CLOSE]

    def _only(self, kind: Kind | None, *, current: bool) -> list[ColumnElement[bool]]:
        wanted = [col(EntryRow.kind) == kind.value] if kind is not None else []
        return [*wanted, _CURRENT] if current else wanted

    def _ids(self, key: Key, where: Sequence[ColumnElement[bool]]) -> list[EntryId]:
        query = select(EntryRow.id).where(
            *where, EntryRow.kind == key.kind.value, EntryRow.number == key.number
        )
        return [EntryId(found) for found in self._session.exec(query) if found is not None]

    def _read(self, *where: ColumnElement[bool] | bool) -> list[Entry]:
        query = with_revision(self._team).where(self._seen, *where)
        return entries_of(self._session, self._team, query)

    def _in_order(self, ids: Sequence[EntryId]) -> list[Entry]:
        found = {entry.id: entry for entry in self._read(col(EntryRow.id).in_(ids))} if ids else {}
        return [found[entry_id] for entry_id in ids]


def _apart(key: Key, near: Key) -> tuple[int, int, str]:
    other_kind = int(near.kind is not key.kind)
    steps = other_kind or distance(str(key.number), str(near.number))
    return (steps, abs(near.number - key.number), near.kind.prefix)
