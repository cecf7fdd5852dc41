"""Fixtures that many tests share."""

from tests.databases import (
    database_url,
    empty_url,
    postgresql,
    postgresql_url,
    sqlite_template,
    statements,
    store,
)
from tests.ops import ops
from tests.patience import patience

__all__ = [
    "database_url",
    "empty_url",
    "ops",
    "patience",
    "postgresql",
    "postgresql_url",
    "sqlite_template",
    "statements",
    "store",
]
