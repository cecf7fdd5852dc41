"""The chain of an entry's revisions: read here, added by `entries`, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from bot.domain.entries import EntryId
from bot.domain.revisions import Revision
from storage.aggregate import TEAM, Queries
from storage.entry_rows import is_landed_revision, revision_of
from storage.tables.entries import LandingRow, RevisionRow

_LAST: Final = select(func.max(RevisionRow.number)).where(
    RevisionRow.team_id == TEAM, RevisionRow.entry_id == bindparam("entry")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionInForce:
    """A revision that was in force, and since when."""

    revision: Revision
    since: datetime


class Revisions(Queries):
    """The revisions of a workspace's entries."""

    def history(self, entry_id: EntryId) -> list[Revision]:
        """All revisions of an entry, the first one first."""
        query = select(RevisionRow).where(
            RevisionRow.team_id == self._team, RevisionRow.entry_id == entry_id
        )
        rows = self._session.exec(query.order_by(col(RevisionRow.number)))
        return [revision_of(row) for row in rows]

    def page(self, entry_id: EntryId, *, start: int, limit: int) -> list[Revision]:
        """Some revisions of an entry from one of that number on back, newest first."""
        query = select(RevisionRow).where(
            RevisionRow.team_id == self._team,
            RevisionRow.entry_id == entry_id,
            col(RevisionRow.number) <= start,
        )
        query = query.order_by(col(RevisionRow.number).desc()).limit(limit)
        return [revision_of(row) for row in self._session.exec(query)]

    def get(self, entry_id: EntryId, number: int) -> Revision | None:
        """One revision of an entry; None if there is none of that number."""
        query = select(RevisionRow).where(
            RevisionRow.team_id == self._team,
            RevisionRow.entry_id == entry_id,
            RevisionRow.number == number,
        )
        row = self._session.exec(query).first()
        return None if row is None else revision_of(row)

    def before(self, entry_id: EntryId, number: int) -> Revision | None:
        """What was in force before that revision was or would be; None before the first."""
        return self._landed(entry_id, col(LandingRow.revision) < number)

    def in_force_at(self, entry_id: EntryId, at: datetime) -> RevisionInForce | None:
        """What was in force at a moment; None if the entry did not exist yet."""
        query = self._landings(entry_id, col(LandingRow.at) <= at)
        found = self._session.exec(query).first()
        return (
            None
            if found is None
            else RevisionInForce(revision=revision_of(found[0]), since=found[1].at)
        )

    def rebased_onto(self, entry_id: EntryId, revision: Revision) -> int | None:
        """Return the revision onto which one that was only proposed was put next.

        None if its author revised it. Rebasing happens in the moment in which the other comes into
        force; what its author writes has a moment of its own.
        """
        following = (
            select(RevisionRow.at)
            .where(
                RevisionRow.team_id == self._team,
                RevisionRow.entry_id == entry_id,
                col(RevisionRow.number) > revision.number,
                RevisionRow.author == revision.author,
                RevisionRow.change == revision.change.value,
            )
            .order_by(col(RevisionRow.number))
            .limit(1)
            .scalar_subquery()
        )
        query = select(LandingRow.revision).where(
            LandingRow.team_id == self._team,
            LandingRow.entry_id == entry_id,
            LandingRow.at == following,
        )
        return self._session.exec(query).first()

    def landings(self, entry_id: EntryId, first: int, last: int) -> Mapping[int, datetime]:
        """When each of the revisions from `first` to `last` came into force, if it did."""
        query = select(LandingRow).where(
            LandingRow.team_id == self._team,
            LandingRow.entry_id == entry_id,
            col(LandingRow.revision).between(first, last),
        )
        return {row.revision: row.at for row in self._session.exec(query)}

    def last(self, entry_id: EntryId) -> int:
        """The number of the newest revision; 0 if there is none."""
        return self._session.exec(_LAST, params={"team": self._team, "entry": entry_id}).one() or 0

    def _landed(self, entry_id: EntryId, which: ColumnElement[bool]) -> Revision | None:
        found = self._session.exec(self._landings(entry_id, which)).first()
        return None if found is None else revision_of(found[0])

    def _landings(
        self, entry_id: EntryId, which: ColumnElement[bool]
    ) -> "Select[RevisionRow, LandingRow]":
        """The last that came into force of those; numbers rise with each landing."""
        query = select(RevisionRow, LandingRow).join(LandingRow, is_landed_revision())
        query = query.where(
            LandingRow.team_id == self._team, LandingRow.entry_id == entry_id, which
        )
        return query.order_by(col(LandingRow.revision).desc()).limit(1)
