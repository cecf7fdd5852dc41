"""Fixtures that many tests share."""

from tests.databases import (
    database_url,
    empty_url,
    postgresql_server,
    postgresql_template,
    sqlite_template,
    store,
)
from tests.ops import ops

__all__ = [
    "database_url",
    "empty_url",
    "ops",
    "postgresql_server",
    "postgresql_template",
    "sqlite_template",
    "store",
]
