"""Searches for a gap, and direct questions about it, that no entry answered. No words are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from bot.domain.entries import TeamId, UserId
from bot.domain.gaps import GapId
from storage.aggregate import TEAM, dialect_of, insert, table_of
from storage.tables.listening import GapSearchRow

_SEARCHES: Final = table_of(GapSearchRow)
_OF_GAP: Final = (_SEARCHES.c.team_id == TEAM, _SEARCHES.c.gap_id == bindparam("gap"))
_READ: Final = select(_SEARCHES.c.user, _SEARCHES.c.day, _SEARCHES.c.at).where(*_OF_GAP)
_FORGET: Final = delete(_SEARCHES).where(*_OF_GAP)


def searches_of(session: Session, team: TeamId, gap_id: GapId) -> Sequence[Any]:
    """Return the searches for a gap: the user, the day and the time of each."""
    return session.connection().execute(_READ, {"team": team, "gap": gap_id}).all()


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
    session.connection().execute(_FORGET, {"team": team, "gap": gap_id})
