"""Duties: periodic jobs that one process does for all that share the database."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from storage.aggregate import Queries, table_of
from storage.tables.duties import DutyRow


class Duties(Queries):
    """The duties of a workspace, by name."""

    def claim(self, name: str, now: datetime, until: datetime) -> bool:
        """Return whether the duty is due; if so, no one else gets it before `until`."""
        claim = self._insert(DutyRow).values(team_id=self._team, name=name, due_at=until)
        claim = claim.on_conflict_do_update(
            index_elements=["team_id", "name"],
            set_={"due_at": until},
            where=col(DutyRow.due_at) <= now,
        )
        claimed = self._session.exec(claim.returning(table_of(DutyRow).c.name))
        return claimed.first() is not None

    def reschedule(self, name: str, until: datetime) -> None:
        """Make the duty due again at `until`."""
        self._session.exec(
            update(DutyRow)
            .where(col(DutyRow.team_id) == self._team, col(DutyRow.name) == name)
            .values(due_at=until)
        )
