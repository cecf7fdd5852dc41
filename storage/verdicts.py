"""Verdicts: people's answers to a review, each on one exact revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func
from sqlmodel import col, select

from bot.domain.bulk_verdicts import CertificationTime
from bot.domain.certification import Verdict
from bot.domain.entries import EntryId, UserId
from bot.domain.reviewers import PassedOn
from storage.aggregate import Queries
from storage.tables.review import VerdictRow

# Slack delivers a click again within this time. After it, a person has given the verdict again.
_REPEATED: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenVerdict:
    """A verdict. `asked`: the person who was asked to review instead, if any."""

    revision: int
    verdict: Verdict
    by: UserId
    at: datetime
    asked: UserId | None = None


class Verdicts(Queries):
    """The verdicts of a workspace. Rows are added and never changed."""

    def repeats(self, entry_id: EntryId, verdict: GivenVerdict) -> bool:
        """Return whether a verdict is the last one again, as Slack delivers some clicks twice."""
        last = self.last(entry_id)
        return last is not None and _is_same(last, verdict)

    def add(self, entry_id: EntryId, verdict: GivenVerdict, due_at: datetime) -> bool:
        """Store a verdict; False if it repeats the last one."""
        if self.repeats(entry_id, verdict):
            return False
        self._flush(
            VerdictRow(
                team_id=self._team,
                entry_id=entry_id,
                revision=verdict.revision,
                verdict=verdict.verdict.value,
                by=verdict.by,
                at=verdict.at,
                due_at=due_at,
                asked=verdict.asked,
            )
        )
        return True

    def last(self, entry_id: EntryId) -> GivenVerdict | None:
        """Return the last verdict on any revision of an entry."""
        return next(iter(self.of(entry_id, 1)), None)

    def last_certified(self, entry_id: EntryId) -> GivenVerdict | None:
        """Return the last certification of any revision of an entry."""
        query = select(VerdictRow).where(
            VerdictRow.team_id == self._team,
            VerdictRow.entry_id == entry_id,
            VerdictRow.verdict == Verdict.ACCURATE.value,
        )
        query = query.order_by(col(VerdictRow.at).desc(), col(VerdictRow.id).desc()).limit(1)
        row = self._session.exec(query).first()
        return None if row is None else verdict_of(row)

    def certified_by(
        self, user: UserId, since: datetime, until: datetime
    ) -> list[CertificationTime]:
        """Return what a person certified from `since` to `until`, in order of time."""
        query = select(VerdictRow.entry_id, VerdictRow.at).where(
            VerdictRow.team_id == self._team,
            VerdictRow.by == user,
            col(VerdictRow.at).between(since, until),
            VerdictRow.verdict == Verdict.ACCURATE.value,
        )
        rows = self._session.exec(query.order_by(col(VerdictRow.at), col(VerdictRow.id)))
        return [CertificationTime(entry=EntryId(entry), at=at) for entry, at in rows]

    def passed_on(self, ids: Sequence[EntryId]) -> Mapping[EntryId, PassedOn]:
        """Return who was asked to review instead, for entries whose last verdict asked someone."""
        last = select(func.max(VerdictRow.id)).where(
            VerdictRow.team_id == self._team, col(VerdictRow.entry_id).in_(ids)
        )
        query = select(VerdictRow).where(
            col(VerdictRow.id).in_(last.group_by(col(VerdictRow.entry_id))),
            col(VerdictRow.asked).is_not(None),
        )
        return {
            EntryId(row.entry_id): PassedOn(by=UserId(row.by), to=UserId(row.asked), at=row.at)
            for row in self._session.exec(query)
            if row.asked is not None
        }

    def changes_needed(self, ids: Sequence[EntryId]) -> Mapping[EntryId, GivenVerdict]:
        """Return the last verdicts of these entries that say a change is needed.

        Such a verdict may be about an older revision.
        """
        last = select(func.max(VerdictRow.id)).where(
            VerdictRow.team_id == self._team, col(VerdictRow.entry_id).in_(ids)
        )
        query = select(VerdictRow).where(
            col(VerdictRow.id).in_(last.group_by(col(VerdictRow.entry_id))),
            VerdictRow.verdict == Verdict.CHANGE.value,
        )
        return {EntryId(row.entry_id): verdict_of(row) for row in self._session.exec(query)}

    def of(self, entry_id: EntryId, limit: int | None = None) -> list[GivenVerdict]:
        """Return the verdicts on an entry, the latest first."""
        query = select(VerdictRow).where(
            VerdictRow.team_id == self._team, VerdictRow.entry_id == entry_id
        )
        query = query.order_by(col(VerdictRow.at).desc(), col(VerdictRow.id).desc()).limit(limit)
        return [verdict_of(row) for row in self._session.exec(query)]


def verdict_of(row: VerdictRow) -> GivenVerdict:
    """Convert a row to a verdict."""
    asked = None if row.asked is None else UserId(row.asked)
    return GivenVerdict(
        revision=row.revision,
        verdict=Verdict(row.verdict),
        by=UserId(row.by),
        at=row.at,
        asked=asked,
    )


def _is_same(last: GivenVerdict, verdict: GivenVerdict) -> bool:
    return verdict.at - last.at < _REPEATED and replace(last, at=verdict.at) == verdict
