"""Edits of rows that bypass Opslore, as anyone with access to the database can make them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy import select as columns
from sqlmodel import Session

from bot.domain.replay import Fault
from storage.audit import verification
from storage.audit.states import AuditedTable
from storage.store import Store
from tests.support.storage_makers import NOW, TEAM


def faults(connection: Connection) -> tuple[Fault, ...]:
    with Session(connection) as session:
        return verification.verify(session, TEAM).faults


@contextmanager
def tampering(store: Store) -> Iterator[Connection]:
    """Yield a connection whose writes are rolled back."""
    with store.engine.connect() as connection:
        yield connection
        connection.rollback()


def another(value: Any) -> Any:  # noqa: ANN401 - of any column
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime):
        return value + timedelta(days=1)
    if isinstance(value, int):
        return value + 1
    return [*value, "2026-12-24"] if isinstance(value, list) else {**value, "title": "Other"}


def edits(audited: AuditedTable, row: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - of any table
    """Yield another value for each audited column and for each column of the key."""
    for column in [*audited.key, *audited.columns]:
        value = row[column.name]
        if isinstance(value, str):
            yield column.name, f"{value}x"
        elif value is not None:
            yield column.name, another(value)
        elif column.name in ("answer", "entry_id"):
            yield column.name, 1
        else:
            yield column.name, NOW if column.name.endswith(("at", "until")) else "U-eve"


def rows_of(connection: Connection, table: Table) -> list[Any]:
    return list(connection.execute(columns(table)).mappings())


def same(table: Table, row: Any) -> list[Any]:  # noqa: ANN401 - of any table
    return [part == row[part.name] for part in table.primary_key]
