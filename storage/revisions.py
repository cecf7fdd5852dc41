"""The queries that read the revisions of entries. `entries` adds them, and nothing changes them."""

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
    """A revision and the time when it came into force."""

    revision: Revision
    since: datetime


class Revisions(Queries):
    """The revisions of a workspace's entries."""

    def history(self, entry_id: EntryId) -> list[Revision]:
        """Return all revisions of an entry, the oldest first."""
        query = select(RevisionRow).where(
            RevisionRow.team_id == self._team, RevisionRow.entry_id == entry_id
        )
        rows = self._session.exec(query.order_by(col(RevisionRow.number)))
        return [revision_of(row) for row in rows]

    def page(self, entry_id: EntryId, *, start: int, limit: int) -> list[Revision]:
        """Return revisions of an entry from number `start` downwards, the newest first."""
        query = select(RevisionRow).where(
            RevisionRow.team_id == self._team,
            RevisionRow.entry_id == entry_id,
            col(RevisionRow.number) <= start,
        )
        query = query.order_by(col(RevisionRow.number).desc()).limit(limit)
        return [revision_of(row) for row in self._session.exec(query)]

    def get(self, entry_id: EntryId, number: int) -> Revision | None:
        """Return a revision of an entry; None if the number doesn't exist."""
        query = select(RevisionRow).where(
            RevisionRow.team_id == self._team,
            RevisionRow.entry_id == entry_id,
            RevisionRow.number == number,
        )
        row = self._session.exec(query).first()
        return None if row is None else revision_of(row)

    def before(self, entry_id: EntryId, number: int) -> Revision | None:
        """Return the revision in force before revision `number`; None if there was none.

        Revision `number` may still be a proposal.
        """
        row = self._session.exec(
            self._last_landing(entry_id, col(LandingRow.revision) < number)
        ).first()
        return None if row is None else revision_of(row[0])

    def in_force_at(self, entry_id: EntryId, at: datetime) -> RevisionInForce | None:
        """Return the revision in force at a time; None if the entry wasn't in force yet."""
        row = self._session.exec(self._last_landing(entry_id, col(LandingRow.at) <= at)).first()
        return (
            None if row is None else RevisionInForce(revision=revision_of(row[0]), since=row[1].at)
        )

    def rebased_onto(self, entry_id: EntryId, revision: Revision) -> int | None:
        """Return the revision onto which a proposed revision was rebased next.

        None if its author revised it instead. A rebase has the same time as the landing that caused
        it, which tells it apart from a revision by the author.
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
        """Return when revisions from `first` to `last` came into force, for those that did."""
        query = select(LandingRow).where(
            LandingRow.team_id == self._team,
            LandingRow.entry_id == entry_id,
            col(LandingRow.revision).between(first, last),
        )
        return {row.revision: row.at for row in self._session.exec(query)}

    def last(self, entry_id: EntryId) -> int:
        """Return the number of the newest revision; 0 if there isn't one."""
        return self._session.exec(_LAST, params={"team": self._team, "entry": entry_id}).one() or 0

    def _last_landing(
        self, entry_id: EntryId, which: ColumnElement[bool]
    ) -> "Select[RevisionRow, LandingRow]":
        """Select the last of these landings, which has the highest revision number."""
        query = select(RevisionRow, LandingRow).join(LandingRow, is_landed_revision())
        query = query.where(
            LandingRow.team_id == self._team, LandingRow.entry_id == entry_id, which
        )
        return query.order_by(col(LandingRow.revision).desc()).limit(1)
