"""Verdicts: what people said of one exact revision each; rows are added and never changed."""

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

# What Slack delivers twice comes within this time; later on somebody says it again.
_REPEATED: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenVerdict:
    """One verdict. `asked`: whom the question was passed on to."""

    revision: int
    verdict: Verdict
    by: UserId
    at: datetime
    asked: UserId | None = None


class Verdicts(Queries):
    """The verdicts of a workspace."""

    def repeats(self, entry_id: EntryId, review: GivenVerdict) -> bool:
        """Tell whether a verdict only repeats the last one, as a delivery twice does."""
        last = self.last(entry_id)
        return last is not None and _same(last, review)

    def add(self, entry_id: EntryId, review: GivenVerdict, due_at: datetime) -> bool:
        """Keep a verdict; False if it only repeats the last one."""
        if self.repeats(entry_id, review):
            return False
        self._flush(
            VerdictRow(
                team_id=self._team,
                entry_id=entry_id,
                revision=review.revision,
                verdict=review.verdict.value,
                by=review.by,
                at=review.at,
                due_at=due_at,
                asked=review.asked,
            )
        )
        return True

    def last(self, entry_id: EntryId) -> GivenVerdict | None:
        """The last verdict on any revision of an entry."""
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
        """Return what a person certified within a time, the ends included, in order of time."""
        query = select(VerdictRow.entry_id, VerdictRow.at).where(
            VerdictRow.team_id == self._team,
            VerdictRow.by == user,
            col(VerdictRow.at).between(since, until),
            VerdictRow.verdict == Verdict.ACCURATE.value,
        )
        found = self._session.exec(query.order_by(col(VerdictRow.at), col(VerdictRow.id)))
        return [CertificationTime(entry=EntryId(entry), at=at) for entry, at in found]

    def passed_on(self, ids: Sequence[EntryId]) -> Mapping[EntryId, PassedOn]:
        """Of those entries whose last verdict passed the question on: to whom."""
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
        """Return the last verdicts of those entries whose last verdict is that they need a change.

        The verdict may be about an older revision.
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
        """The verdicts on an entry, the last first."""
        query = select(VerdictRow).where(
            VerdictRow.team_id == self._team, VerdictRow.entry_id == entry_id
        )
        query = query.order_by(col(VerdictRow.at).desc(), col(VerdictRow.id).desc()).limit(limit)
        return [verdict_of(row) for row in self._session.exec(query)]


def verdict_of(row: VerdictRow) -> GivenVerdict:
    """The verdict of a row."""
    asked = None if row.asked is None else UserId(row.asked)
    return GivenVerdict(
        revision=row.revision,
        verdict=Verdict(row.verdict),
        by=UserId(row.by),
        at=row.at,
        asked=asked,
    )


def _same(last: GivenVerdict, review: GivenVerdict) -> bool:
    return review.at - last.at < _REPEATED and replace(last, at=review.at) == review
