"""What the queries of every aggregate share: session, workspace, inserts of each dialect."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import BindParameter, Table, bindparam
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, SQLModel

from bot.domain.entries import TeamId

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

# Parameters of statements that are built once, for building one takes longer than asking it: the
# workspace, and some of its entries.
TEAM: Final[BindParameter[Any]] = bindparam("team")
IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)


def table_of(row: type[SQLModel]) -> Table:
    """The table of a row class, for statements that need no object."""
    return cast("Table", cast("Any", row).__table__)


def dialect_of(session: Session) -> str:
    """The kind of database: `sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def insert(dialect: str, row: type[SQLModel]) -> "sqlite.Insert | postgresql.Insert":
    """An insert that can be told what to do on conflict."""
    if dialect == "sqlite":
        return sqlite.insert(table_of(row))
    # Costs a tenth of the start-up, and is needed on PostgreSQL only.
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table_of(row))


def counted(terms: Iterable[str]) -> dict[str, int]:
    """How often each term occurs; a mapping tells its counts itself."""
    return dict(Counter(terms))


class Part:
    """The queries of one aggregate in one transaction of one workspace."""

    def __init__(self, session: Session, team: TeamId) -> None:
        self._session = session
        self._team = team

    def _insert(self, row: type[SQLModel]) -> "sqlite.Insert | postgresql.Insert":
        return insert(dialect_of(self._session), row)

    def _flush(self, *rows: SQLModel) -> None:
        """Write rows now, so that they have their ids."""
        self._session.add_all(rows)
        self._session.flush()
