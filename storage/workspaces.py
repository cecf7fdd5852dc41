"""Workspaces and their settings."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, update
from sqlmodel import Session, select

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import TeamId
from bot.domain.listening.budget import PER_HUNDRED
from bot.domain.workspaces import Workspace
from storage.aggregate import TEAM, Queries, insert, table_of
from storage.hashes import NOTHING
from storage.tables.workspaces import WorkspaceRow

_NO_ACTS: Final = {"acts": 0, "head": NOTHING}
_TENTHS: Final = 10
_ONE: Final = select(WorkspaceRow).where(WorkspaceRow.team_id == TEAM)
_ONE_LOCKED: Final = _ONE.with_for_update()
_LISTED_AT: Final = select(WorkspaceRow.channels_listed_at).where(WorkspaceRow.team_id == TEAM)


def add_workspace(connection: Connection, team: TeamId) -> bool:
    """Add the workspace's row; False if it exists."""
    values = {**_values(Workspace(team=team)), **_NO_ACTS}
    statement = insert(connection.dialect.name, WorkspaceRow).values(**values)
    added = statement.on_conflict_do_nothing().returning(table_of(WorkspaceRow).c.team_id)
    return connection.execute(added).first() is not None


def lock_workspace(session: Session, team: TeamId) -> WorkspaceRow:
    """Lock the workspace's row until the transaction ends, and return it."""
    return session.exec(_ONE_LOCKED, params={"team": team}).one()


class WorkspaceSettings(Queries):
    """The settings of the transaction's workspace."""

    def get(self, *, lock: bool = False) -> Workspace:
        """Return the settings; the defaults if none were stored.

        `lock`: lock the row until the transaction ends. Take this lock after all others.
        """
        query = _ONE_LOCKED if lock else _ONE
        row = self._session.exec(query, params={"team": self._team}).first()
        if row is None:
            return Workspace(team=self._team)
        return Workspace(
            team=self._team,
            person_budget=row.person_budget,
            channel_budget=row.channel_budget,
            prompt_rate=PER_HUNDRED if row.prompt_rate is None else row.prompt_rate / _TENTHS,
            review_every=timedelta(days=row.review_days),
            holidays=frozenset(map(date.fromisoformat, row.holidays)),
            backup_after=row.backup_after,
            approval=ApprovalPolicy(
                on=row.needs_approval, approvals=row.approvals, self_approval=row.self_approval
            ),
        )

    def channels_listed_at(self) -> datetime | None:
        """Return when Slack was last asked for the list of channels; None if it never was."""
        return self._session.exec(_LISTED_AT, params={"team": self._team}).first()

    def put_channels_listed_at(self, at: datetime) -> None:
        """Store when Slack was asked for the list of channels."""
        row = table_of(WorkspaceRow)
        self._session.exec(
            update(row).where(row.c.team_id == self._team).values(channels_listed_at=at)
        )

    def put(self, workspace: Workspace) -> None:
        """Store the settings."""
        values = _values(workspace) | {"team_id": self._team}
        self._session.exec(
            self._insert(WorkspaceRow)
            .values(**values, **_NO_ACTS)
            .on_conflict_do_update(index_elements=["team_id"], set_=values)
        )


def _values(workspace: Workspace) -> dict[str, Any]:
    return {
        "team_id": workspace.team,
        "person_budget": workspace.person_budget,
        "channel_budget": workspace.channel_budget,
        # NULL for the default, so that the audit's states of older rows stay right.
        "prompt_rate": None
        if workspace.prompt_rate == PER_HUNDRED
        else round(workspace.prompt_rate * _TENTHS),
        "review_days": workspace.review_every.days,
        "holidays": sorted(day.isoformat() for day in workspace.holidays),
        "backup_after": workspace.backup_after,
        "needs_approval": workspace.approval.on,
        "approvals": workspace.approval.approvals,
        "self_approval": workspace.approval.self_approval,
    }
