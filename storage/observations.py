"""Uses of entries, each against one revision."""

from datetime import datetime

from sqlmodel import col, select

from bot.domain.entries import EntryId, Outcome, UserId
from storage.entry_rows import as_it_reads
from storage.part import Part, table_of
from storage.tables import ObservationRow


class Observations(Part):
    """The uses of a workspace's entries."""

    def add(
        self,
        entry_id: EntryId,
        *,
        revision: int,
        outcome: Outcome,
        by: UserId,
        at: datetime,
        note: str = "",
        permalink: str = "",
        key: str,
    ) -> bool:
        """Keep a use; False if one of that `key` is there already, and nothing changes."""
        statement = (
            self._insert(ObservationRow)
            .values(
                team_id=self._team,
                entry_id=entry_id,
                revision=revision,
                outcome=outcome.value,
                by=by,
                at=at,
                note=note,
                permalink=permalink,
                key=key,
            )
            .on_conflict_do_nothing(index_elements=["team_id", "key"])
            .returning(table_of(ObservationRow).c.id)
        )
        return self._session.exec(statement).first() is not None

    def newest_note(self, entry_id: EntryId) -> str:
        """The last note on a use that went wrong as the entry reads; empty if there is none."""
        query = select(ObservationRow.note).where(
            ObservationRow.team_id == self._team,
            ObservationRow.entry_id == entry_id,
            as_it_reads(entry_id),
            col(ObservationRow.outcome) != Outcome.FOLLOWED.value,
            ObservationRow.note != "",
        )
        latest = query.order_by(col(ObservationRow.at).desc(), col(ObservationRow.id).desc())
        return self._session.exec(latest.limit(1)).first() or ""
