"""The sender's queries: the outbox items that are due, in one workspace or in all."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, func, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from bot.domain.entries import TeamId
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.timeouts import Timeouts
from storage.aggregate import TEAM
from storage.outbox_rows import OUTBOX, WAITING, item_of
from storage.tables.outbox import OutboxRow

_DUE: Final = (
    columns(OUTBOX)
    .where(
        WAITING,
        OUTBOX.c.due_at <= bindparam("now"),
        or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= bindparam("now")),
    )
    .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DUE_OF: Final = _DUE.where(OUTBOX.c.team_id == TEAM)
_LEASE: Final = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        leased_until=bindparam("until"),
        attempts=OUTBOX.c.attempts + 1,
        attempted_at=bindparam("now"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many outbox items wait, and since when the oldest of them is due."""

    waiting: int
    oldest_due: datetime | None


def claim(
    session: Session, now: datetime, limit: int, *, timeouts: Timeouts, team: TeamId | None
) -> list[OutboxItem]:
    """Lease the due items of one workspace, or of all, and return them as they were before."""
    connection = session.connection()
    due, values = _DUE, {"now": now, "most": limit}
    if team is not None:
        due, values = _DUE_OF, values | {"team": team}
    rows = connection.execute(due, values).mappings().all()
    until = now + timeouts.lease
    send_until = until - timeouts.longest_call
    items = [replace(item_of(row), leased_until=until, send_until=send_until) for row in rows]
    if rows:
        ids = [row["id"] for row in rows]
        connection.execute(_LEASE, {"now": now, "until": until, "ids": ids})
    return items


def backlog(session: Session) -> Backlog:
    """Return how many items wait in all workspaces, and since when.

    Threads in which people may still talk aren't counted, because no one waits for them.
    """
    may_go_on = and_(
        col(OutboxRow.topic) == Topic.THREAD.value,
        col(OutboxRow.due_at) > col(OutboxRow.created_at),
    )
    statement = select(func.count(), func.min(OutboxRow.due_at)).where(WAITING, ~may_go_on)
    waiting, oldest = session.exec(statement).one()
    return Backlog(waiting=waiting, oldest_due=oldest)
