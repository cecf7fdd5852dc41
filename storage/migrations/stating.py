"""For migrations: acts that record the rows of an older database in its audit."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from storage.columns import Id, Utc, Words

# The names of a table's key columns, and its other recorded columns with their types, such as
# `owner:str at:time? title:words`. The question mark means that the column may be NULL.
Columns = tuple[str, str]
_TYPES: Final[dict[str, tuple[Any, object]]] = {
    "int": (Id(), 0),
    "str": (sa.String(), ""),
    "words": (Words(), ""),
    "flag": (sa.Boolean(), False),
    "json": (sa.JSON(), ...),
    "time": (Utc(), ...),
}
# How many rows one act records.
_ROWS: Final = 100
_WORKSPACES = sa.table(
    "workspaces",
    sa.column("team_id", sa.String()),
    sa.column("acts", sa.Integer()),
    sa.column("head", sa.String()),
)
_AUDIT = sa.table(
    "audit",
    sa.column("team_id", sa.String()),
    sa.column("number", sa.Integer()),
    sa.column("actor", sa.String()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("details", sa.JSON()),
    sa.column("at", Utc()),
    sa.column("hash", sa.String()),
    sa.column("states", sa.JSON()),
)


def state_rows(connection: sa.Connection, stated: Mapping[str, Columns]) -> None:
    """Add acts that record the current state of each row of some tables, in every workspace.

    Call it in a migration that gives an audited column a value that isn't empty. `stated` has all
    recorded columns of the table, as they are after the migration. They are written out there,
    because `storage.audit.states` may change later, and a migration may not.
    """
    for team in connection.execute(sa.select(_WORKSPACES.c.team_id)).scalars().all():
        _state_all(connection, team, stated)


def _state_all(connection: sa.Connection, team: str, stated: Mapping[str, Columns]) -> None:
    """Add the acts of one workspace."""
    mine = _WORKSPACES.c.team_id == team
    ends = sa.select(_WORKSPACES.c.acts, _WORKSPACES.c.head).where(mine)
    number, head = connection.execute(ends).one()
    now = datetime.now(UTC)  # noqa: TID251 - `opslore db migrate` is the terminal
    for table, columns in stated.items():
        rows = _rows(connection, table, columns, team)
        while batch := dict(islice(rows, _ROWS)):
            number += 1
            act = [team, number, "opslore", "stated", team, {"rows": len(batch)}, _moment(now)]
            states = {table: batch}
            head = _sha256(head + _json([*act, states]))
            names = ("team_id", "number", "actor", "action", "subject", "details")
            values = dict(zip(names, act[:-1], strict=True))
            values |= {"at": now, "hash": head, "states": states}
            connection.execute(sa.insert(_AUDIT).values(values))
    connection.execute(sa.update(_WORKSPACES).where(mine).values(acts=number, head=head))


def _rows(
    connection: sa.Connection, name: str, stated: Columns, team: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the key and the state of each row of a table."""
    key, listed = stated
    types = dict(column.split(":") for column in listed.split())
    columns = [sa.column(name, _TYPES[kind.strip("?")][0]) for name, kind in types.items()]
    columns += [sa.column(part) for part in key.split()]
    salt = [sa.column("salt", sa.String())] if ":words" in listed else []
    table = sa.table(name, sa.column("team_id", sa.String()), *columns, *salt)
    query = sa.select(*columns, *salt).where(table.c.team_id == team).select_from(table)
    if name == "paths":
        query = query.where(table.c.state != "open")
    for row in connection.execute(query).mappings():
        state = {}
        for column, kind in types.items():
            empty = None if kind.endswith("?") else _TYPES[kind][1]
            if row[column] != empty or type(row[column]) is not type(empty):
                state[column] = _stated(column, row[column], row.get("salt"), kind)
        yield "/".join(str(row[part]) for part in key.split()) or team, state


def _stated(column: str, value: Any, salt: str | None, kind: str) -> object:  # noqa: ANN401 - of any column
    if kind == "words":
        return _sha256(f"{salt}\0{column}\0{value}")[:32]
    return _moment(value) if isinstance(value, datetime) else value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _json(values: list[Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
