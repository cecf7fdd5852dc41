"""Engines for SQLite and PostgreSQL, with their timeouts and the way their transactions begin."""

import sqlite3
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

from bot.domain.timeouts import Timeouts

# SQLite's memory in this process, for the caches of all connections. Each connection may use all of
# it, so that a single one that searches has the index in its cache.
_HEAP_BYTES: Final = 64 * 1024 * 1024
# The length of SQLite's log, in pages, at which it is copied into the file during a commit, which
# takes two fsyncs. It only becomes so long if `storage.checkpoints` can't keep up.
_CHECKPOINT_PAGES: Final = 16_384
# In seconds, between two attempts to turn on WAL.
_RETRY_SECONDS: Final = 0.01
# Execution options for SQLite: which BEGIN to send, and how many milliseconds to wait for the lock,
# if not `Timeouts.lock_seconds`.
BEGIN: Final = "opslore_begin"
WAIT_MS: Final = "opslore_wait_ms"


def make_engine(url: str, timeouts: Timeouts = Timeouts()) -> Engine:
    """Return an engine for a SQLite file or a PostgreSQL database."""
    target = make_url(url)
    make = _sqlite if target.get_backend_name() == "sqlite" else _postgresql
    return make(target, timeouts)


def _sqlite(url: URL, timeouts: Timeouts) -> Engine:
    # A `file:` URI is for an existing file and sets its own options, so no file is created for it.
    if url.database and not url.database.startswith((":memory:", "file:")):
        _create_private_file(Path(url.database))
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
        lambda connection, _record: _configure_sqlite(connection, timeouts.lock_seconds),
    )
    event.listen(
        engine, "begin", lambda connection: _begin_sqlite(connection, timeouts.lock_seconds)
    )
    return engine


def _create_private_file(path: Path) -> None:
    """Create the file so that no other user of this machine can read it."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)


def _configure_sqlite(connection: sqlite3.Connection, lock_seconds: float) -> None:
    # The driver's own transactions begin late, and fail at once if another writer is faster.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_milliseconds(lock_seconds)}",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"cache_size = -{_HEAP_BYTES // 1024}",
        f"soft_heap_limit = {_HEAP_BYTES}",
        # Each connection would map the file separately, and its pages would count as memory.
        "mmap_size = 0",
        # Overwrite deleted text, because people are promised that it is gone.
        "secure_delete = ON",
        f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _turn_on_wal(cursor, lock_seconds)
    cursor.close()


def _turn_on_wal(cursor: sqlite3.Cursor, lock_seconds: float) -> None:
    """Turn on WAL, so that others can read during a write. A read-only file keeps its mode.

    If another process writes or does the same right now, SQLite refuses at once and ignores the
    busy timeout. So this tries again for as long as it would wait for a lock.
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
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection, lock_seconds: float) -> None:
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
        # Errors in the log show the statement, but not what people typed.
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
    event.listen(engine, "checkin", _reset_read_only)
    return engine


def _reset_read_only(connection: Any, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
    """Let the server decide again whether this connection may write.

    After a read-only transaction SQLAlchemy sets the connection to read-write. That would override
    a server that was made read-only.
    """
    if connection is not None and not connection.closed and connection.read_only is not None:
        connection.read_only = None


def _milliseconds(seconds: float) -> int:
    return round(1000 * seconds)
