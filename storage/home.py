"""What lives in one channel, as its digest tells it."""

from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from bot.domain.entries import ChannelId, Entry, EntryId, Outcome, State, TeamId, UserId, Uses
from storage.entry_rows import as_it_reads, due_by, entries_of, uses_from, with_revision
from storage.part import Part
from storage.tables import EntryRow, ObservationRow, RevisionRow

_IN_FORCE = col(EntryRow.state) == State.IN_FORCE.value
_WAS_IN_FORCE = col(EntryRow.state).in_([State.IN_FORCE.value, State.RETIRED.value])


class Home(Part):
    """The entries of one channel."""

    def __init__(self, session: Session, team: TeamId, channel: ChannelId) -> None:
        super().__init__(session, team)
        self._channel = channel
        self._here = and_(col(EntryRow.team_id) == team, col(EntryRow.home) == channel)

    def due(self, now: datetime, limit: int | None = None) -> list[Entry]:
        """In force, due for review and not snoozed; the longest due first."""
        awake = or_(col(EntryRow.snoozed_until).is_(None), col(EntryRow.snoozed_until) <= now)
        query = self._in_force().where(due_by(now), awake)
        query = query.order_by(col(EntryRow.due_at), col(EntryRow.id)).limit(limit)
        return entries_of(self._session, self._team, query)

    def owners(self) -> dict[UserId, list[Entry]]:
        """What is in force, by owner."""
        query = self._in_force().order_by(col(EntryRow.owner), col(EntryRow.id))
        found = entries_of(self._session, self._team, query)
        return {owner: list(owned) for owner, owned in groupby(found, lambda entry: entry.owner)}

    def failing(self, limit: int | None = None) -> list[Entry]:
        """In force and deviated from or failed as it reads; most often first."""
        wrong = (
            select(func.count())
            .where(self._used(), col(ObservationRow.outcome) != Outcome.FOLLOWED.value)
            .correlate(EntryRow)
            .scalar_subquery()
        )
        ranked = (
            select(EntryRow.id)
            .where(self._here, _IN_FORCE, wrong > 0)
            .order_by(wrong.desc(), col(EntryRow.id).desc())
            .limit(limit)
        )
        order = list(self._session.exec(ranked))
        query = with_revision(self._team).where(col(EntryRow.id).in_(order))
        found = {entry.id: entry for entry in entries_of(self._session, self._team, query)}
        return [found[EntryId(entry_id)] for entry_id in order if entry_id is not None]

    def thin(self, limit: int | None = None) -> list[Entry]:
        """In force with fields that a reader would miss; the newest first."""
        query = self._in_force().where(col(EntryRow.thin)).order_by(col(EntryRow.id).desc())
        return entries_of(self._session, self._team, query.limit(limit))

    def changed_since(self, at: datetime) -> list[Entry]:
        """Came in force or was retired since; the latest first."""
        query = with_revision(self._team).where(
            self._here, _WAS_IN_FORCE, EntryRow.changed_at >= at
        )
        query = query.order_by(col(EntryRow.changed_at).desc(), col(EntryRow.id).desc())
        return entries_of(self._session, self._team, query)

    def count(self) -> int:
        """How many are in force."""
        query = select(func.count()).select_from(EntryRow).where(self._here, _IN_FORCE)
        return self._session.exec(query).one()

    def uses_since(self, at: datetime) -> Uses:
        """How often any entry of the channel was used since, of whatever revision."""
        query = (
            select(ObservationRow.outcome, func.count())
            .join(
                EntryRow,
                and_(
                    col(EntryRow.team_id) == ObservationRow.team_id,
                    col(EntryRow.id) == ObservationRow.entry_id,
                ),
            )
            .where(ObservationRow.team_id == self._team, ObservationRow.at >= at, self._here)
            .group_by(col(ObservationRow.outcome))
        )
        return uses_from(dict(self._session.exec(query).all()))

    def _in_force(self) -> "Select[EntryRow, RevisionRow]":
        return with_revision(self._team).where(self._here, _IN_FORCE)

    def _used(self) -> ColumnElement[bool]:
        """Uses of an entry as it reads."""
        return and_(
            col(ObservationRow.team_id) == EntryRow.team_id,
            col(ObservationRow.entry_id) == EntryRow.id,
            as_it_reads(col(EntryRow.id)),
        )
