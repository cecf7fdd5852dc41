"""Uses of entries, each against one revision."""

from datetime import datetime

from bot.domain.entries import EntryId, Outcome, UserId
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
