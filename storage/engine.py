"""Engines as each database wants them: how transactions begin, how long a lock is waited for."""

import sqlite3
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

from bot.domain.timeouts import Timeouts

# Of SQLite in this process, for the caches of all connections together. Any connection may use all
# of it: one that searches alone finds the index in its cache.
_HEAP_BYTES: Final = 64 * 1024 * 1024
# Of the log, when it is copied into the file: in the midst of a commit, and with two fsyncs. Pages
# that many commits wrote are copied once.
_CHECKPOINT_PAGES: Final = 4096
_AGAIN: Final = 0.01
# Execution options: which BEGIN a SQLite connection is to send, and how long it may wait for its
# lock, in milliseconds, where that is not `Timeouts.lock_seconds`.
BEGIN: Final = "opslore_begin"
WAIT_MS: Final = "opslore_wait_ms"


def make_engine(url: str, timeouts: Timeouts = Timeouts()) -> Engine:
    """An engine for a SQLite file or a PostgreSQL database."""
    target = make_url(url)
    make = _sqlite if target.get_backend_name() == "sqlite" else _postgresql
    return make(target, timeouts)


def _sqlite(url: URL, timeouts: Timeouts) -> Engine:
    # A URI names a file that is there, with ways of opening it; nothing is made for it.
    if url.database and not url.database.startswith((":memory:", "file:")):
        _private_file(Path(url.database))
    engine = create_engine(
        url,
        poolclass=QueuePool,
        hide_parameters=True,
        pool_size=20,
        max_overflow=20,
        pool_timeout=timeouts.lock_seconds,
        connect_args={"timeout": timeouts.lock_seconds, "check_same_thread": False},
    )
    event.listen(
        engine,
        "connect",
        lambda connection, _record: _sqlite_connected(connection, timeouts.lock_seconds),
    )
    event.listen(
        engine, "begin", lambda connection: _sqlite_begins(connection, timeouts.lock_seconds)
    )
    return engine


def _private_file(path: Path) -> None:
    """What operators wrote is nobody else's on the machine."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)


def _sqlite_connected(connection: sqlite3.Connection, lock_seconds: float) -> None:
    # The driver's own transactions begin late and fail at once when another writer is faster.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_milliseconds(lock_seconds)}",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"cache_size = -{_HEAP_BYTES // 1024}",
        f"soft_heap_limit = {_HEAP_BYTES}",
        # Each connection would map the file for itself, and count its pages as memory.
        "mmap_size = 0",
        # What is deleted is overwritten: people are promised that it goes.
        "secure_delete = ON",
        f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _ask_for_wal(cursor, lock_seconds)
    cursor.close()


def _ask_for_wal(cursor: sqlite3.Cursor, lock_seconds: float) -> None:
    """Readers beside a writer. A read-only file keeps the mode that it has.

    Where another writes or asks for the same just now, SQLite refuses at once, whatever its busy
    timeout; so it is asked again for as long as a lock is waited for.
    """
    end = time.monotonic() + lock_seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "readonly" in str(error):
                return
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(_AGAIN)
        else:
            return


def _sqlite_begins(connection: Connection, lock_seconds: float) -> None:
    options = connection.get_execution_options()
    if WAIT_MS not in options:
        connection.exec_driver_sql(options.get(BEGIN, "BEGIN"))
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {options[WAIT_MS]}")
    try:
        connection.exec_driver_sql(options.get(BEGIN, "BEGIN"))
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(lock_seconds)}")


def _postgresql(url: URL, timeouts: Timeouts) -> Engine:
    waits = (
        ("lock_timeout", timeouts.lock_seconds),
        ("statement_timeout", timeouts.statement_seconds),
        ("idle_in_transaction_session_timeout", timeouts.idle_seconds),
    )
    engine = create_engine(
        url,
        # An error in a log names its statement, and not what people typed.
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=timeouts.lock_seconds,
        isolation_level="READ COMMITTED",
        connect_args={
            "options": " ".join(f"-c {name}={_milliseconds(seconds)}" for name, seconds in waits),
            "connect_timeout": 5,
        },
    )
    event.listen(engine, "checkin", _as_the_server_says)
    return engine


def _as_the_server_says(connection: Any, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
    """Let the server say whether one may write.

    SQLAlchemy gives a connection that only read back as one that writes, and that would be so even
    on a server that was made read-only.
    """
    if connection is not None and not connection.closed and connection.read_only is not None:
        connection.read_only = None


def _milliseconds(seconds: float) -> int:
    return round(1000 * seconds)
