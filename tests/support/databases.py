"""A fresh, migrated database for each test: a SQLite file, or one of a PostgreSQL server."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.domain.timeouts import Timeouts
from sandbox import Driver
from storage.engine import make_engine
from storage.migrate import upgrade
from storage.store import Store
from tests.support.patience import PATIENT
from tests.support.postgresql import PostgreSQL


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "opslore.db"
    upgrade(sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """Start a server for this session."""
    with PostgreSQL.running() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    """Return the URL of a migrated PostgreSQL database."""
    with postgresql.migrated() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database without tables; each test runs on both kinds."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "empty.db")
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.empty()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a migrated database; each test runs on both kinds."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        return sqlite_url(Path(shutil.copy(template, tmp_path / "opslore.db")))
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture(scope="session")
def statements() -> dict[str, Engine]:
    """Return an engine of each kind whose compiled statements all others use."""
    return {}


@pytest.fixture
def store(database_url: str, statements: dict[str, Engine]) -> Iterator[Store]:
    """Open a store on a new database."""
    engine = make_engine(database_url, PATIENT)
    if engine.name not in statements:
        # A dialect learns about its server from the first connection.
        engine.connect().close()
        statements[engine.name] = engine
    first = statements[engine.name]
    # Compiling takes a quarter of a test's time, and compiled statements belong to a dialect.
    engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache  # noqa: SLF001 - nothing public shares it
    with opened(engine) as found:
        yield found


@contextmanager
def opened(engine: Engine, timeouts: Timeouts = PATIENT) -> Iterator[Store]:
    """Open a store, and leave no connection open at the end.

    A thread that a test started may still use one for a moment. Nothing else closes connections
    that a test took from a pool before it disposed of the pool.
    """
    connections: set[DBAPIConnection] = set()
    disposed = threading.Event()
    event.listen(engine, "connect", lambda connection, _record: connections.add(connection))
    found = Store(engine, timeouts=timeouts)
    yield found
    event.listen(engine, "engine_disposed", lambda _engine: disposed.set())
    found.close()
    Driver.until(disposed.is_set)
    for each in connections:
        each.close()
