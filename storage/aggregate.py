"""The base class of all queries, and helpers for their statements."""

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
from sqlalchemy.orm import Bundle
from sqlmodel import Session, SQLModel

from bot.domain.entries import TeamId
from storage.batch_sizes import batch_sizes_of

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

# Parameters of statements that are built once, because building one takes longer than running it:
# the workspace, and the ids of some of its entries.
TEAM: Final[BindParameter[Any]] = bindparam("team")
IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)

T = TypeVar("T")
R = TypeVar("R", bound=SQLModel)


def batches(session: Session, values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the values in order, in batches that fit into one statement."""
    size = batch_sizes_of(session).values
    for first in range(0, len(values), size):
        yield values[first : first + size]


def table_of(row: type[SQLModel]) -> Table:
    """Return the table of a row class."""
    return cast("Table", cast("Any", row).__table__)


def untracked(row: type[R]) -> type[R]:
    """Return the columns of a row, to select instead of the row if it is only read.

    The result has the row's values, but the session doesn't track it, which takes half the time.
    """
    attributes = (getattr(row, column.key) for column in table_of(row).columns)
    return cast("type[R]", Bundle(row.__name__, *attributes))


def dialect_of(session: Session) -> str:
    """Return the kind of database: `sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def insert(dialect: str, row: type[SQLModel]) -> "sqlite.Insert | postgresql.Insert":
    """Return an insert that offers `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if dialect == "sqlite":
        return sqlite.insert(table_of(row))
    # This import takes a tenth of the start-up, and only PostgreSQL needs it.
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table_of(row))


def count_terms(terms: Iterable[str]) -> dict[str, int]:
    """Return how often each term occurs. If `terms` is a mapping, its values are the counts."""
    return dict(Counter(terms))


class Queries:
    """The queries of one aggregate in one transaction of one workspace."""

    def __init__(self, session: Session, team: TeamId) -> None:
        self._session = session
        self._team = team

    def _insert(self, row: type[SQLModel]) -> "sqlite.Insert | postgresql.Insert":
        return insert(dialect_of(self._session), row)

    def _flush(self, *rows: SQLModel) -> None:
        """Write rows at once, so that they get their ids."""
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
        """Delete the oldest rows from before a time, at most `most`, and return how many.

        `time`: the name of the column to compare. `only`: conditions that the rows also meet. An
        index on team and time finds the oldest rows. Others can write between two calls.
        """
        table = table_of(row)
        keys: list[Any] = [key for key in table.primary_key if key.name != "team_id"]
        oldest = columns(*keys).where(table.c.team_id == self._team, table.c[time] < before, *only)
        # The lock makes PostgreSQL check a row again if another transaction has just changed it.
        oldest = oldest.order_by(table.c[time]).limit(most).with_for_update()
        if dialect_of(self._session) == "postgresql":
            # PostgreSQL may run a nested query again for each row, and so delete more. A CTE runs
            # once. SQLite doesn't get one: its driver counts no rows of a statement that begins
            # with a CTE.
            oldest = columns(*oldest.cte("batch").c)
        deletion = delete(table).where((keys[0] if len(keys) == 1 else tuple_(*keys)).in_(oldest))
        if len(keys) < len(table.primary_key):
            # Only the primary key finds the rows. If the time were compared here too, SQLite would
            # read all old rows for each batch.
            deletion = deletion.where(table.c.team_id == self._team)
        return self._session.connection().execute(deletion).rowcount
