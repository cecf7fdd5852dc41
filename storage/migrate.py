"""Bringing a database's tables to what this code was written for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.domain.errors import UnavailableError
from storage.engine import BEGIN, make_engine
from storage.errors import SchemaError, report_outages
from storage.migrations import HEAD, REVISIONS
from storage.store import Store

# A lock's number means something only among users of one database: any fixed one will do.
_LOCK: Final = 7_305_118
# Another process may be upgrading a large database right now.
_WAIT_SECONDS: Final = 60


def check(store: Store) -> bool:
    """Whether the tables are behind this code, so that `upgrade` is called for.

    Raises:
        SchemaError: they were made by a newer Opslore.
        UnavailableError: the database does not answer.
    """
    found = store.schema_revision()
    if found is not None and found not in REVISIONS:
        raise SchemaError(
            f"This database was made by a newer Opslore (revision {found});"
            " upgrade Opslore, or point DATABASE_URL at another database."
        )
    return found != HEAD


@contextmanager
def current(url: str) -> Iterator[Store]:
    """The store at `url`, closed at the end; for whoever reads what is there and upgrades nothing.

    Raises:
        SchemaError: as `check`.
        UnavailableError: its tables are behind this code, or the database does not answer.
    """
    store = Store.open(url)
    try:
        if check(store):
            raise UnavailableError("The database is not up to date: run `opslore db upgrade`.")
        yield store
    finally:
        store.close()


def upgrade(url: str, revision: str = HEAD) -> None:
    """Bring the database at `url` to a revision: all of it or nothing. Safe to call at once twice.

    Raises:
        SchemaError: it was made by a newer Opslore.
        UnavailableError: the database does not answer.
    """
    engine = make_engine(url)
    try:
        if not check(Store(engine)):
            return
        writing = engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})
        with report_outages(), writing.connect() as connection:
            _wait_longer(connection)
            with connection.begin():
                _alone(connection)
                _run(connection, revision)
    finally:
        engine.dispose()


def _wait_longer(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(f"PRAGMA busy_timeout = {_WAIT_SECONDS * 1000}")


def _alone(connection: Connection) -> None:
    """Whoever comes second waits here and then finds nothing to do."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _run(connection: Connection, revision: str) -> None:
    # Alembic costs more than SQLAlchemy to import and is needed here only.
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
