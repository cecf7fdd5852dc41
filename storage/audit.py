"""Who did what: rows that are only added, each bound to the one before it by its hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlmodel import col, select

from bot.domain.entries import UserId
from storage import workspaces
from storage.flow_tables import AuditRow
from storage.part import Part

# What the first row of a workspace is bound to.
_NOTHING: Final = "0" * 64


@dataclass(frozen=True)
class Act:
    """One thing that somebody did; `number` counts from 1 in its workspace."""

    number: int
    actor: UserId
    action: str
    subject: str
    details: Mapping[str, Any]
    at: datetime
    hash: str


class Audit(Part):
    """The chain of a workspace."""

    def add(
        self, actor: UserId, action: str, subject: str, details: Mapping[str, Any], at: datetime
    ) -> Act:
        """Add what was done to the end of the chain."""
        workspaces.lock(self._session, self._team)
        last = self._last()
        number, before = (1, _NOTHING) if last is None else (last.number + 1, last.hash)
        # As it will be read back: a tuple comes back as a list, a key as text.
        kept = json.loads(json.dumps(dict(details)))
        row = AuditRow(
            team_id=self._team,
            number=number,
            actor=actor,
            action=action,
            subject=subject,
            details=kept,
            at=at,
            hash="",
        )
        row.hash = _hash(before, row)
        self._flush(row)
        return _act(row)

    def last(self) -> Act | None:
        """The end of the chain."""
        row = self._last()
        return None if row is None else _act(row)

    def verify(self) -> int | None:
        """The number of the first row that was changed, added or taken out; None if none was."""
        query = select(AuditRow).where(AuditRow.team_id == self._team)
        before, expected = _NOTHING, 1
        for row in self._session.exec(query.order_by(col(AuditRow.number))):
            if row.number != expected or row.hash != _hash(before, row):
                return expected
            before, expected = row.hash, expected + 1
        return None

    def _last(self) -> AuditRow | None:
        query = select(AuditRow).where(AuditRow.team_id == self._team)
        return self._session.exec(query.order_by(col(AuditRow.number).desc()).limit(1)).first()


def _hash(before: str, row: AuditRow) -> str:
    """SHA-256 over the hash before and the row as JSON of one form."""
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    words = [row.team_id, row.number, row.actor, row.action, row.subject, row.details, at]
    text = json.dumps(words, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((before + text).encode()).hexdigest()


def _act(row: AuditRow) -> Act:
    return Act(
        row.number, UserId(row.actor), row.action, row.subject, row.details, row.at, row.hash
    )
