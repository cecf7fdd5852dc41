"""The entries that one reader may see. Everything shown to a person comes from here."""

import re
from collections.abc import Sequence
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
from bot.domain.spelling import distance
from bot.domain.visibility import Reader
from storage.batch_sizes import batch_sizes_of
from storage.entry_rows import entries_of, is_due, is_landed_revision, revision_of, with_revision
from storage.listed_entries import ListedEntries
from storage.reliance import Reliance
from storage.search.candidates import Candidates
from storage.search.matching import Where
from storage.search.queries import Search
from storage.search.spelling import slips
from storage.tables.entries import EntryRow, EvidenceRow, LandingRow, LinkRow, RevisionRow
from storage.tables.review import VerdictRow
from storage.visibility import SEEN_BY, Sight, is_entry_visible, is_entry_visible_to

_IN_FORCE = col(EntryRow.state) == State.IN_FORCE.value
# The entries that people find and link to. Drafts are included, and always shown as drafts.
_CURRENT = col(EntryRow.state).in_([State.DRAFT.value, State.IN_FORCE.value])
_KEY_PREFIX: Final = re.compile(r"(?:(dec|hnd|esc)[-\s]?)?([1-9][0-9]{0,8})?", re.IGNORECASE)
_MOST_CLOSE_KEYS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A revision that came into force at a time. `key` cites it, such as `DEC-7@3`."""

    key: Key
    revision: Revision
    at: datetime


class VisibleEntries(Reliance, ListedEntries):
    """The entries that one reader may see, by the rule of `bot.domain.visibility.may_see`."""

    def __init__(self, session: Session, team: TeamId, reader: Reader) -> None:
        super().__init__(session, team)
        self._reader = reader
        self._seen = and_(col(EntryRow.team_id) == team, is_entry_visible(team, reader))

    def get(self, key: Key) -> Entry | None:
        """Return the entry of a key; None if it doesn't exist or the reader may not see it."""
        entries = self._read(EntryRow.kind == key.kind.value, EntryRow.number == key.number)
        return entries[0] if entries else None

    def has(self, key: Key) -> bool:
        """Return whether the entry of a key exists and the reader may see it."""
        return bool(self._ids(key, [self._seen]))

    def search(
        self, words: str, *, limit: int = 10, kind: Kind | None = None, current: bool = True
    ) -> list[Entry]:
        """Return the entries that match the words, best first.

        `current`: leave out retired and withdrawn entries.

        If the words are a key, its entry comes first. A word that no entry has is replaced with the
        most similar word that one has.
        """
        where = [self._seen, *self._conditions(kind, current=current)]
        search = self._search(kind, current=current)
        key = Key.parse(words)
        of_key = [] if key is None else self._ids(key, where)
        matches = search.find(words, limit, exact=key is not None)
        return self.read_in_order(list(dict.fromkeys([*of_key, *matches]))[:limit])

    def candidates(self, words: str, *, correct: bool = True) -> Candidates:
        """Return the current entries that may answer a question, for the ranking.

        `correct`: correct typos, as in a search.
        """
        return self._search(None).choose(words, correct=correct)

    def chat_candidates(self, text: str) -> Candidates:
        """Return the current entries that may cover what is said in chat, fewer than for a search.

        Typos aren't corrected, because chat has many words that no entry has.
        """
        most = batch_sizes_of(self._session).compared_with_chat
        return self._search(None).choose(text, correct=False, most=most)

    def read_in_order(self, ids: Sequence[EntryId]) -> list[Entry]:
        """Return the entries with these ids that the reader may see, in this order."""
        by_id = {entry.id: entry for entry in self._read(col(EntryRow.id).in_(ids))} if ids else {}
        return [by_id[entry_id] for entry_id in ids if entry_id in by_id]

    def suggest(self, words: str, kind: Kind | None, limit: int) -> list[Entry]:
        """Return the entries, drafts too, that a half typed key or title may mean.

        If nothing was typed, return the newest.
        """
        where = [self._seen, *self._conditions(kind, current=True)]
        partial_key = _KEY_PREFIX.fullmatch(words.strip())
        if partial_key is None:
            return self.read_in_order(self._search(kind).complete(words, limit))
        prefix, number = partial_key.groups()
        query = with_revision(self._team).where(*where)
        if prefix:
            kinds = [kind.value for kind in Kind if kind.prefix == prefix.upper()]
            query = query.where(col(EntryRow.kind).in_(kinds))
        if number:
            query = query.where(cast(EntryRow.number, String).startswith(number))
            query = query.order_by(col(EntryRow.number))
        query = query.order_by(col(EntryRow.created_at).desc(), col(EntryRow.id).desc())
        return entries_of(self._session, self._team, query.limit(limit))

    def owned_by(self, user: UserId, limit: int) -> list[Entry]:
        """Return the entries that this user owns, drafts too; those that are due first."""
        query = with_revision(self._team).where(self._seen, _CURRENT, EntryRow.owner == user)
        query = query.order_by(col(EntryRow.due_at), col(EntryRow.id)).limit(limit)
        return entries_of(self._session, self._team, query)

    def owned_or_backed_up_by(self, user: UserId) -> list[Entry]:
        """Return the entries in force that this user owns or backs up, in the order of keys."""
        theirs = or_(col(EntryRow.owner) == user, col(EntryRow.backup) == user)
        query = with_revision(self._team).where(self._seen, _IN_FORCE, theirs)
        query = query.order_by(col(EntryRow.kind), col(EntryRow.number))
        return entries_of(self._session, self._team, query)

    def to_review(self, user: UserId, now: datetime, limit: int) -> list[Entry]:
        """Return the due entries that this user owns, backs up or was asked to review.

        The longest due come first.
        """
        query = with_revision(self._team).where(col(EntryRow.id).in_(self._ids_due_for(user, now)))
        query = query.order_by(col(EntryRow.due_at), col(EntryRow.id)).limit(limit)
        return entries_of(self._session, self._team, query)

    def _ids_due_for(self, user: UserId, now: datetime) -> CompoundSelect[int]:
        """Select their ids, as a union: each part uses an index, which an `or` wouldn't."""
        later = aliased(VerdictRow)
        answered = exists().where(
            col(later.team_id) == VerdictRow.team_id,
            col(later.entry_id) == VerdictRow.entry_id,
            col(later.id) > VerdictRow.id,
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
        """Return the entries captured in a thread, drafts too, the oldest first."""
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

    def linking_to(self, key: Key) -> list[Key]:
        """Return the entries in force that link to this one in a field, in the order of keys."""
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
        """Return the entries that this one replaced, in the order of keys."""
        query = select(EntryRow.kind, EntryRow.number).where(
            self._seen, EntryRow.superseded_by == str(key.entry)
        )
        query = query.order_by(col(EntryRow.kind), col(EntryRow.number))
        return [Key(kind=Kind(kind), number=number) for kind, number in self._session.exec(query)]

    def landed_since(self, at: datetime, limit: int) -> list[Landing]:
        """Return the revisions of all entries that came into force since then, the latest first."""
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
        """Return existing keys that may be meant by one that doesn't exist, the closest first."""
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
        keys = [Key(kind=Kind(kind), number=number) for kind, number in self._session.exec(query)]
        others = [other for other in keys if other != key.entry]
        return sorted(others, key=lambda other: _key_distance(key, other))[:_MOST_CLOSE_KEYS]

    def _search(self, kind: Kind | None, *, current: bool = True) -> Search:
        where = (
            is_entry_visible_to(Sight.of(self._reader)),
            *self._conditions(kind, current=current),
        )
        params = {SEEN_BY.key: sorted(self._reader.channels)}
        return Search(self._session, self._team, Where(conditions=where, params=params))

    def _conditions(self, kind: Kind | None, *, current: bool) -> list[ColumnElement[bool]]:
        conditions = [col(EntryRow.kind) == kind.value] if kind is not None else []
        return [*conditions, _CURRENT] if current else conditions

    def _ids(self, key: Key, where: Sequence[ColumnElement[bool]]) -> list[EntryId]:
        query = select(EntryRow.id).where(
            *where, EntryRow.kind == key.kind.value, EntryRow.number == key.number
        )
        return [EntryId(entry_id) for entry_id in self._session.exec(query) if entry_id is not None]

    def _read(self, *where: ColumnElement[bool] | bool) -> list[Entry]:
        query = with_revision(self._team).where(self._seen, *where)
        return entries_of(self._session, self._team, query)


def _key_distance(key: Key, other: Key) -> tuple[int, int, str]:
    other_kind = int(other.kind is not key.kind)
    steps = other_kind or distance(str(key.number), str(other.number))
    return (steps, abs(other.number - key.number), other.kind.prefix)
