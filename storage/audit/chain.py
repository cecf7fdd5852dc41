"""Who did what: rows that are only added, each bound to the one before it by its hash.

Each states the rows that it changed, as far as people rely on them: see `storage.audit.states`.
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
from storage.audit.verification import Verdict, verify
from storage.hashes import of_act
from storage.tables.audit import AuditRow

_PENDING: Final = "acts"
# The acts that no use case names: see `_unnamed`.
MET: Final = "workspace_met"
UNNAMED: Final = "rows_changed"
_PAGE: Final = 1000


class Audit(Queries):
    """The chain of a workspace."""

    def add(
        self, actor: UserId, action: str, subject: str, details: Mapping[str, Any], at: datetime
    ) -> None:
        """Add what was done to the end of the chain, as the transaction ends: see `append`."""
        row = AuditRow(
            team_id=self._team,
            number=0,
            actor=actor,
            action=action,
            subject=subject,
            # As it will be read back: a tuple comes back as a list, a key as text.
            details=json.loads(json.dumps(dict(details))),
            at=at,
            hash="",
            states={},
        )
        self._session.info.setdefault(_PENDING, []).append(row)

    def last(self) -> Act | None:
        """The end of the chain."""
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
        """What was done, the first act first, read page by page.

        `entry`: to it or to any of its revisions.
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

    def has_hash(self, noted: str) -> bool:
        """Whether some act has this hash."""
        query = select(AuditRow.number).where(
            AuditRow.team_id == self._team, AuditRow.hash == noted
        )
        return self._session.exec(query.limit(1)).first() is not None

    def verify(self) -> Verdict:
        """Walk the whole chain, and compare every row that people rely on with it."""
        return verify(self._session, self._team)


def append(session: Session, team: TeamId) -> None:
    """Put what was done in this transaction, of one workspace, to the end of its chain.

    Each act states the rows that were changed before it and after the one before.

    Last of all: whoever else acts in the workspace waits from here to the end of the transaction,
    and nobody who waits here holds what another still wants.
    """
    rows: list[AuditRow] = session.info.pop(_PENDING, [])
    tables = set() if rows else recording.changed_tables(session)
    if not rows and not tables:
        return
    states = recording.take_states(session, len(rows) or 1)
    end = workspaces.locked(session, team)
    rows = rows or [_unnamed(team, tables, MET if end.acts == 0 else UNNAMED)]
    for row, stated in zip(rows, states, strict=True):
        row.number = end.acts = end.acts + 1
        row.states = json.loads(json.dumps(stated))
        row.hash = end.head = of_act(end.head, row.model_dump())
    session.add_all(rows)
    session.flush()


def _unnamed(team: TeamId, tables: Collection[str], action: str) -> AuditRow:
    """An act for rows that were changed although no use case added one, so that they are stated.

    That is so when a workspace is met, and a mistake of the use case otherwise.
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
