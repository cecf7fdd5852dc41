"""Uses of entries, each against one revision."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import col, select

from bot.domain.entries import EntryId, Outcome, UserId, Uses
from storage.entry_rows import as_it_reads, uses_from
from storage.part import Part, table_of
from storage.tables import ObservationRow


class Wrong(NamedTuple):
    """A use that deviated or failed: what was said of it, and where; `permalink` may be empty."""

    note: str
    permalink: str


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

    def by_revision(self, entry_id: EntryId, first: int, last: int) -> Mapping[int, Uses]:
        """How often each revision from `first` to `last` was used, but those that never were."""
        query: Any = (
            select(ObservationRow.revision, ObservationRow.outcome, func.count())
            .where(
                ObservationRow.team_id == self._team,
                ObservationRow.entry_id == entry_id,
                col(ObservationRow.revision).between(first, last),
            )
            .group_by(col(ObservationRow.revision), col(ObservationRow.outcome))
        )
        counts: dict[int, dict[str, int]] = defaultdict(dict)
        for revision, outcome, count in self._session.exec(query):
            counts[revision][outcome] = count
        return {revision: uses_from(found) for revision, found in counts.items()}

    def latest_wrong(self, entry_id: EntryId) -> Wrong | None:
        """The last use that went wrong as the entry reads, and was written about."""
        query = select(ObservationRow.note, ObservationRow.permalink).where(
            ObservationRow.team_id == self._team,
            ObservationRow.entry_id == entry_id,
            as_it_reads(entry_id),
            col(ObservationRow.outcome) != Outcome.FOLLOWED.value,
            ObservationRow.note != "",
        )
        latest = query.order_by(col(ObservationRow.at).desc(), col(ObservationRow.id).desc())
        found = self._session.exec(latest.limit(1)).first()
        return None if found is None else Wrong(*found)
