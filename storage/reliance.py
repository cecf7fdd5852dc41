"""The entries that rely on one person, as one reader may see them."""

from typing import Final

from sqlalchemy import ColumnElement, String, cast, exists, func
from sqlmodel import col, select

from bot.domain.certification import Verdict
from bot.domain.entries import Entry, Key, State, UserId
from bot.domain.kinds import Kind
from storage.aggregate import Queries
from storage.entry_rows import entries_of, with_revision
from storage.tables.entries import EntryRow, RevisionRow, UseRow
from storage.tables.review import VerdictRow

_IN_FORCE: Final = col(EntryRow.state) == State.IN_FORCE.value


class Reliance(Queries):
    """Queries for the entries in force that rely on a person.

    `_seen`: the condition for the entries that the reader may see.
    """

    _seen: ColumnElement[bool]

    def count_owned_by(self, user: UserId) -> int:
        """Return how many entries in force this user owns."""
        query = select(func.count()).select_from(EntryRow)
        return self._session.exec(query.where(self._seen, _IN_FORCE, EntryRow.owner == user)).one()

    def backed_up_by(self, user: UserId) -> list[Key]:
        """Return the entries in force that have this user as their backup, in the order of keys."""
        query = select(EntryRow.kind, EntryRow.number).where(
            self._seen, _IN_FORCE, EntryRow.backup == user
        )
        query = query.order_by(col(EntryRow.kind), col(EntryRow.number))
        return [Key(kind=Kind(kind), number=number) for kind, number in self._session.exec(query)]

    def notifying(self, user: UserId) -> list[Entry]:
        """Return the escalations in force with a level that notifies this user, sorted by key."""
        # The id may be in another field of an escalation, so the levels are checked below.
        mentions = cast(RevisionRow.content, String).contains(user, autoescape=True)
        query = with_revision(self._team).where(
            self._seen, _IN_FORCE, EntryRow.kind == Kind.ESCALATION.value, mentions
        )
        entries = entries_of(self._session, self._team, query.order_by(col(EntryRow.number)))
        return [entry for entry in entries if user in entry.content.notified]

    def known_only_to(self, user: UserId) -> list[Entry]:
        """Return this user's entries in force that no one else ever certified or used.

        The most used come first, then those that are due first.
        """
        certified = exists().where(
            col(VerdictRow.team_id) == EntryRow.team_id,
            col(VerdictRow.entry_id) == EntryRow.id,
            col(VerdictRow.verdict) == Verdict.ACCURATE.value,
            col(VerdictRow.by) != user,
        )
        uses = (
            select(func.count())
            .where(
                UseRow.team_id == EntryRow.team_id,
                UseRow.entry_id == EntryRow.id,
            )
            .correlate(EntryRow)
            .scalar_subquery()
        )
        used = exists().where(
            col(UseRow.team_id) == EntryRow.team_id,
            col(UseRow.entry_id) == EntryRow.id,
            col(UseRow.by) != user,
        )
        query = with_revision(self._team).where(
            self._seen, _IN_FORCE, EntryRow.owner == user, ~certified, ~used
        )
        query = query.order_by(uses.desc(), col(EntryRow.due_at), col(EntryRow.id))
        return entries_of(self._session, self._team, query)
