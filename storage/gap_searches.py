"""Searches for a gap, and direct questions about it, that no entry answered. No words are kept."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import Session, select

from bot.domain.entries import TeamId, UserId
from bot.domain.gaps import GapId
from storage.aggregate import TEAM, dialect_of, insert
from storage.tables.listening import GapSearchRow

_OF_GAP: Final = select(GapSearchRow).where(
    GapSearchRow.team_id == TEAM, GapSearchRow.gap_id == bindparam("gap")
)


def searches_of(session: Session, team: TeamId, gap_id: GapId) -> list[GapSearchRow]:
    """Return the searches for a gap."""
    return list(session.exec(_OF_GAP, params={"team": team, "gap": gap_id}))


def add_search(
    session: Session, team: TeamId, gap_id: GapId, *, user: UserId, at: datetime
) -> None:
    """Add a search for a gap, unless the person searched for it on the same day."""
    values = {"team_id": team, "gap_id": gap_id, "user": user, "day": at.date(), "at": at}
    statement = insert(dialect_of(session), GapSearchRow).values(values)
    session.exec(statement.on_conflict_do_nothing())


def move_searches(session: Session, team: TeamId, gap_id: GapId, to: GapId) -> None:
    """Move the searches for a gap to another one."""
    for search in searches_of(session, team, gap_id):
        add_search(session, team, to, user=UserId(search.user), at=search.at)
        session.delete(search)
    session.flush()
