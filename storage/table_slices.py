"""Slices of a table, so that a search of all its rows runs as many short statements."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, true, tuple_
from sqlalchemy import select as columns

from bot.domain.entries import TeamId

# The number of rows that one statement reads.
_SLICE: Final = 10_000


def slice_conditions(
    connection: Connection, table: Table, team: TeamId
) -> Iterator[ColumnElement[bool]]:
    """Yield a condition for each slice of a workspace's rows. Together they match all rows."""
    parts = [part for part in table.primary_key if part.name != "team_id"]
    key: Any = tuple_(*parts) if len(parts) > 1 else parts[0]
    rest: ColumnElement[bool] = true()
    while True:
        ends = columns(*parts).where(of_team(table, team), rest).order_by(*parts)
        last = connection.execute(ends.offset(_SLICE - 1).limit(1)).first()
        if last is None:
            yield rest
            return
        end = tuple(last) if len(parts) > 1 else last[0]
        yield and_(rest, key <= end)
        rest = key > end


def of_team(table: Table, team: TeamId) -> ColumnElement[bool]:
    """Return a condition for a workspace's rows that makes the database follow the primary key.

    If the key is a number, the database would otherwise use an index that begins with the
    workspace, and sort its rows for each slice.
    """
    column: ColumnElement[str] = table.c.team_id
    return (column if column.primary_key else column.concat("")) == team
