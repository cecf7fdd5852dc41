"""Who did what: rows that are only added, each bound to the one before it by its hash."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.domain.acts import Act
from bot.domain.entries import Key, TeamId, UserId
from storage import workspaces
from storage.flow_tables import AuditRow
from storage.hashes import of_act
from storage.part import Part
from storage.verification import Verdict, verify

_PENDING: Final = "acts"
_PAGE: Final = 1000


class Audit(Part):
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

    def bears(self, kept: str) -> bool:
        """Whether some row bears this hash."""
        query = select(AuditRow.number).where(AuditRow.team_id == self._team, AuditRow.hash == kept)
        return self._session.exec(query.limit(1)).first() is not None

    def verify(self) -> Verdict:
        """Walk the whole chain, and see that every revision says what it said when it was made."""
        return verify(self._session, self._team)


def append(session: Session) -> None:
    """Put what was done in this transaction, of one workspace, to the end of its chain.

    Last of all: whoever else acts in the workspace waits from here to the end of the transaction,
    and nobody who waits here holds what another still wants.
    """
    rows: list[AuditRow] = session.info.pop(_PENDING, [])
    if not rows:
        return
    end = workspaces.locked(session, TeamId(rows[0].team_id))
    for row in rows:
        row.number = end.acts = end.acts + 1
        row.hash = end.head = of_act(end.head, row.model_dump())
    session.add_all(rows)
    session.flush()


def _act(row: AuditRow) -> Act:
    return Act(
        row.number, UserId(row.actor), row.action, row.subject, row.details, row.at, row.hash
    )
