"""How a test's workspace is once the bot has joined it: played once, then copied for each test."""

import io
import pickle
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from copyreg import dispatch_table
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from psycopg import sql
from sqlalchemy import Engine

from sandbox.installation import Installation


class Rows(Protocol):
    """The contents of a database."""

    def restore(self, engine: Engine) -> None:
        """Put them into a database that has the same tables, and no rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The contents of the database and of the sandbox, and the time."""

    rows: Rows
    sandbox: bytes
    time: datetime


class SqliteRows:
    """The pages of a SQLite file, in memory."""

    def __init__(self, engine: Engine) -> None:
        self._pages = sqlite3.connect(":memory:", check_same_thread=False)
        with engine.connect() as connection:
            _raw(connection).backup(self._pages)

    def restore(self, engine: Engine) -> None:
        """Overwrite the file with them."""
        with engine.connect() as connection:
            self._pages.backup(_raw(connection))


class PostgresqlRows:
    """The rows of all tables of PostgreSQL, as COPY writes them, and the values of sequences."""

    _TABLES = (
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_schema = 'public' AND is_generated = 'NEVER'"
        " AND table_name <> 'alembic_version' GROUP BY table_name"
    )
    _SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"

    def __init__(self, engine: Engine) -> None:
        self._rows: list[tuple[sql.Composable, bytes]] = []
        with engine.begin() as connection, _raw(connection).cursor() as cursor:
            for table, columns in cursor.execute(self._TABLES).fetchall():
                target = sql.SQL("{} ({})").format(
                    sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
                )
                with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(target)) as rows:
                    copied = b"".join(map(bytes, rows))
                if copied:
                    self._rows.append((sql.SQL("COPY {} FROM STDIN").format(target), copied))
            self._sequences = cursor.execute(self._SEQUENCES).fetchall()

    def restore(self, engine: Engine) -> None:
        """Insert them."""
        with engine.begin() as connection, _raw(connection).cursor() as cursor:
            # Rows that name each other go in any order.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement, rows in self._rows:
                with cursor.copy(statement) as copy:
                    copy.write(rows)
            for sequence, value in self._sequences:
                cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, value])


def _raw(connection: Any) -> Any:  # noqa: ANN401 - a connection of either driver
    return connection.connection.driver_connection


def rows_of(engine: Engine) -> Rows:
    """Return the contents of a database."""
    return SqliteRows(engine) if engine.name == "sqlite" else PostgresqlRows(engine)


# The attributes that people's acts change, by part of the sandbox.
_STATE: Final[Mapping[Callable[[Installation], object], Sequence[str]]] = {
    lambda app: app: ("calls",),
    lambda app: app.workspace: ("people", "bot", "channels", "_count"),
    lambda app: app.workspace.clock: ("_last", "_taken"),
    lambda app: app.delivery: ("_jobs",),
    lambda app: app.log: ("entries", "refused", "_touched"),
}


class _Pickler(pickle.Pickler):
    """Takes every delivery for acknowledged."""

    dispatch_table = dispatch_table | {threading.Event: lambda _event: (_set_event, ())}


def _set_event() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


def state_of(app: Installation) -> bytes:
    """Return the people, channels and log of a sandbox, once its events are acknowledged."""
    for job in app.delivery.jobs():
        job.done.wait()
    written = io.BytesIO()
    # Together, because they share people, messages and calls.
    _Pickler(written).dump(
        [{name: getattr(part(app), name) for name in names} for part, names in _STATE.items()]
    )
    return written.getvalue()


def set_state(app: Installation, state: bytes) -> None:
    """Give a sandbox the state of another."""
    for part, values in zip(_STATE, pickle.loads(state), strict=True):  # noqa: S301 - our own
        for name, value in values.items():
            setattr(part(app), name, value)
