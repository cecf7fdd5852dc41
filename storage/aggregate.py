"""What the queries of every aggregate share: session, workspace, inserts of each dialect."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    TextClause,
    bindparam,
    delete,
    tuple_,
)
from sqlalchemy import select as columns
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, SQLModel

from bot.domain.entries import TeamId
from storage.batch_sizes import batch_sizes_of

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

# Parameters of statements that are built once, for building one takes longer than asking it: the
# workspace, and some of its entries.
TEAM: Final[BindParameter[Any]] = bindparam("team")
IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)

T = TypeVar("T")


def batches(session: Session, values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in order, so many at a time as one statement takes."""
    size = batch_sizes_of(session).values
    for first in range(0, len(values), size):
        yield values[first : first + size]


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


class Queries:
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

    def _forget_oldest(
        self,
        row: type[SQLModel],
        time: str,
        before: datetime,
        most: int,
        *only: ColumnElement[bool] | TextClause,
    ) -> int:
        """Delete at most so many rows of before a time that are `only` such; return how many.

        `time` names the column that is compared. An index of team and time finds the oldest, and
        others write between two calls.
        """
        table = table_of(row)
        keys: list[Any] = [key for key in table.primary_key if key.name != "team_id"]
        oldest = columns(*keys).where(table.c.team_id == self._team, table.c[time] < before, *only)
        # Locked, so that a row that changes in this moment is looked at again.
        oldest = oldest.order_by(table.c[time]).limit(most).with_for_update()
        if dialect_of(self._session) == "postgresql":
            # It may run a nested query again for each row, and so delete more; a named one runs
            # once. Of a statement that begins with one, SQLite's driver counts no rows.
            oldest = columns(*oldest.cte("batch").c)
        gone = delete(table).where((keys[0] if len(keys) == 1 else tuple_(*keys)).in_(oldest))
        if len(keys) < len(table.primary_key):
            # The rows are found by their primary key alone. With the time as well, SQLite would
            # read all that is old for each batch.
            gone = gone.where(table.c.team_id == self._team)
        return self._session.connection().execute(gone).rowcount
