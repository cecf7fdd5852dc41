"""The chain of acts: who did what. The hash of each act includes the hash before it.

An act also records the new state of each row that it changed, if `storage.audit.states` covers it.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.domain.audit_acts import OPSLORE, Act
from bot.domain.entries import Key, TeamId, UserId
from storage import workspaces
from storage.aggregate import Queries
from storage.audit import recording
from storage.audit.verification import AuditResult, verify
from storage.hashes import of_act
from storage.tables.audit import AuditRow

_PENDING: Final = "acts"
# The acts that no use case adds: see `_unnamed_act`.
MET: Final = "workspace_met"
UNNAMED: Final = "rows_changed"
_PAGE: Final = 1000


class Audit(Queries):
    """The acts of a workspace."""

    def add(
        self, actor: UserId, action: str, subject: str, details: Mapping[str, Any], at: datetime
    ) -> None:
        """Add an act. `append` puts it at the end of the chain when the transaction ends."""
        row = AuditRow(
            team_id=self._team,
            number=0,
            actor=actor,
            action=action,
            subject=subject,
            # Hash what will be read back: a tuple comes back as a list, and a key as text.
            details=json.loads(json.dumps(dict(details))),
            at=at,
            hash="",
            states={},
        )
        self._session.info.setdefault(_PENDING, []).append(row)

    def last(self) -> Act | None:
        """Return the last act; None if there isn't one."""
        query = select(AuditRow).where(AuditRow.team_id == self._team)
        row = self._session.exec(query.order_by(col(AuditRow.number).desc()).limit(1)).first()
        return None if row is None else _act(row)

    def acts(
        self,
        *,
        entry: Key | None = None,
        actor: UserId | None = None,
        since: datetime | None = None,
    ) -> Iterator[Act]:
        """Yield acts, the oldest first, and read them page by page.

        `entry`: only acts on this entry or on one of its revisions.
        """
        query = select(AuditRow).where(AuditRow.team_id == self._team)
        if entry is not None:
            key = str(entry.entry)
            subject = col(AuditRow.subject)
            query = query.where(or_(subject == key, subject.startswith(f"{key}@")))
        if actor is not None:
            query = query.where(AuditRow.actor == actor)
        if since is not None:
            query = query.where(AuditRow.at >= since)
        query, after = query.order_by(col(AuditRow.number)).limit(_PAGE), 0
        while page := self._session.exec(query.where(AuditRow.number > after)).all():
            yield from map(_act, page)
            after = page[-1].number
            self._session.expunge_all()

    def has_hash(self, head: str) -> bool:
        """Return whether an act has this hash."""
        query = select(AuditRow.number).where(AuditRow.team_id == self._team, AuditRow.hash == head)
        return self._session.exec(query.limit(1)).first() is not None

    def verify(self) -> AuditResult:
        """Check the whole chain, and compare every audited row with it."""
        return verify(self._session, self._team)


def append(session: Session, team: TeamId) -> None:
    """Put the acts of this transaction at the end of the workspace's chain.

    Each act records the rows that changed since the act before it.

    Call this last. From here to the end of the transaction, all other acts in the workspace wait.
    Taking this lock last also prevents deadlocks.
    """
    rows: list[AuditRow] = session.info.pop(_PENDING, [])
    tables = set() if rows else recording.changed_tables(session)
    if not rows and not tables:
        return
    states = recording.take_states(session, len(rows) or 1)
    end = workspaces.lock_workspace(session, team)
    rows = rows or [_unnamed_act(team, tables, MET if end.acts == 0 else UNNAMED)]
    for row, row_states in zip(rows, states, strict=True):
        row.number = end.acts = end.acts + 1
        row.states = json.loads(json.dumps(row_states))
        row.hash = end.head = of_act(end.head, row.model_dump())
    session.add_all(rows)
    session.flush()


def _unnamed_act(team: TeamId, tables: Collection[str], action: str) -> AuditRow:
    """Return an act that records rows which changed although no use case added an act.

    This is right for a new workspace, and otherwise a bug in a use case.
    """
    now = datetime.now(UTC)  # noqa: TID251 - no use case gave a time
    details = {"tables": sorted(tables)}
    return AuditRow(
        team_id=team,
        number=0,
        actor=OPSLORE,
        action=action,
        subject=team,
        details=details,
        at=now,
        hash="",
        states={},
    )


def _act(row: AuditRow) -> Act:
    return Act(
        number=row.number,
        actor=UserId(row.actor),
        action=row.action,
        subject=row.subject,
        details=row.details,
        at=row.at,
        hash=row.hash,
        states=row.states,
    )
