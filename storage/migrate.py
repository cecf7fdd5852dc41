"""Upgrades of a database's tables."""

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

# The number of an advisory lock. It only has to be the same for all who use this database.
_LOCK: Final = 7_305_118
# In seconds: another process may be upgrading a large database.
_WAIT_SECONDS: Final = 60


def needs_upgrade(store: Store) -> bool:
    """Return whether the tables are older than this code, or missing.

    Raises:
        SchemaError: the tables were made by a newer Opslore.
        UnavailableError: the database doesn't answer.
    """
    revision = store.schema_revision()
    if revision is not None and revision not in REVISIONS:
        raise SchemaError(
            f"This database was made by a newer Opslore (revision {revision})."
            " Upgrade Opslore, or set DATABASE_URL to another database."
        )
    return revision != HEAD


@contextmanager
def open_current(url: str) -> Iterator[Store]:
    """Open the store at `url` without upgrading it, and close it at the end of the block.

    Raises:
        SchemaError: the tables were made by a newer Opslore.
        UnavailableError: the tables are older than this code, or the database doesn't answer.
    """
    store = Store.open(url)
    try:
        if needs_upgrade(store):
            raise UnavailableError("The database isn't up to date. Run `opslore db upgrade`.")
        yield store
    finally:
        store.close()


def upgrade(url: str, revision: str = HEAD) -> None:
    """Upgrade the database at `url` to a revision, in one transaction.

    Several processes may do so at the same time: one upgrades, and the others wait for it.

    Raises:
        SchemaError: the tables were made by a newer Opslore.
        UnavailableError: the database doesn't answer.
    """
    engine = make_engine(url)
    try:
        if not needs_upgrade(Store(engine)):
            return
        writing = engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})
        with report_outages(), writing.connect() as connection:
            _extend_lock_wait(connection)
            with connection.begin():
                _lock_out_other_upgrades(connection)
                _run_migrations(connection, revision)
    finally:
        engine.dispose()


def _extend_lock_wait(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(f"PRAGMA busy_timeout = {_WAIT_SECONDS * 1000}")


def _lock_out_other_upgrades(connection: Connection) -> None:
    """Wait on PostgreSQL until no other process upgrades. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _run_migrations(connection: Connection, revision: str) -> None:
    # Alembic takes longer to import than SQLAlchemy, and only this function needs it.
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
