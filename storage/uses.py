"""Uses of entries, each of one exact revision."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col, select

from bot.domain.entries import EntryId, Outcome, UseCounts, UserId
from storage.aggregate import IDS, TEAM, Queries, table_of
from storage.entry_rows import IS_USE_SINCE_WRITTEN, WRITTEN, uses_from
from storage.tables.entries import UseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingUse:
    """A use that deviated or failed. `note` and `permalink` may be empty."""

    note: str
    permalink: str
    by: UserId
    at: datetime


_USE: Final = table_of(UseRow).c
_FAILING_USES: Final = (
    columns(
        _USE.entry_id,
        _USE.note,
        _USE.permalink,
        _USE.by,
        _USE.at,
        func.row_number()
        .over(partition_by=_USE.entry_id, order_by=(_USE.at.desc(), _USE.id.desc()))
        .label("place"),
    )
    .join(WRITTEN, IS_USE_SINCE_WRITTEN)
    .where(
        _USE.team_id == TEAM,
        _USE.entry_id.in_(IDS),
        _USE.outcome != Outcome.FOLLOWED.value,
    )
    .subquery()
)
_LATEST: Final = columns(_FAILING_USES).where(_FAILING_USES.c.place == 1)


class Uses(Queries):
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
        """Store a use; False if there is one with this `key`, which stays as it is."""
        statement = (
            self._insert(UseRow)
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
            .returning(table_of(UseRow).c.id)
        )
        return self._session.exec(statement).first() is not None

    def by_revision(self, entry_id: EntryId, first: int, last: int) -> Mapping[int, UseCounts]:
        """Return how often revisions from `first` to `last` were used, for those that were."""
        query: Any = (
            select(UseRow.revision, UseRow.outcome, func.count())
            .where(
                UseRow.team_id == self._team,
                UseRow.entry_id == entry_id,
                col(UseRow.revision).between(first, last),
            )
            .group_by(col(UseRow.revision), col(UseRow.outcome))
        )
        counts: dict[int, dict[str, int]] = defaultdict(dict)
        for revision, outcome, count in self._session.exec(query):
            counts[revision][outcome] = count
        return {revision: uses_from(outcomes) for revision, outcomes in counts.items()}

    def latest_failing(self, ids: Sequence[EntryId]) -> Mapping[EntryId, FailingUse]:
        """Return the last failing use of each entry since its text last changed."""
        rows = self._session.connection().execute(_LATEST, {"team": self._team, "ids": ids})
        return {
            EntryId(row.entry_id): FailingUse(
                note=row.note, permalink=row.permalink, by=UserId(row.by), at=row.at
            )
            for row in rows
        }
