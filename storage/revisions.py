"""The chain of an entry's revisions: read here, added by `entries`, never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from bot.domain.entries import EntryId
from bot.domain.revisions import Revision
from storage.entry_rows import revision_of
from storage.part import Part
from storage.tables import RevisionRow


@dataclass(frozen=True)
class Landed:
    """A revision that was in force, and since when."""

    revision: Revision
    since: datetime


class Revisions(Part):
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
        """The revision that was in force before that one; None if that was the first."""
        query = select(RevisionRow).where(
            RevisionRow.team_id == self._team,
            RevisionRow.entry_id == entry_id,
            col(RevisionRow.number) < number,
        )
        row = self._session.exec(query.order_by(col(RevisionRow.number).desc()).limit(1)).first()
        return None if row is None else revision_of(row)

    def in_force_at(self, entry_id: EntryId, at: datetime) -> Landed | None:
        """What was in force at a moment; None if the entry did not exist yet.

        A revision is in force from the moment at which it was written.
        """
        query = select(RevisionRow).where(
            RevisionRow.team_id == self._team,
            RevisionRow.entry_id == entry_id,
            col(RevisionRow.at) <= at,
        )
        row = self._session.exec(query.order_by(col(RevisionRow.number).desc()).limit(1)).first()
        return None if row is None else Landed(revision_of(row), row.at)

    def last(self, entry_id: EntryId) -> int:
        """The number of the newest revision; 0 if there is none."""
        query = select(func.max(RevisionRow.number)).where(
            RevisionRow.team_id == self._team, RevisionRow.entry_id == entry_id
        )
        return self._session.exec(query).one() or 0
