"""Fixtures that many tests share."""

from hypothesis import HealthCheck, settings

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

# How long an example takes says nothing here: the first of a kind compiles what the others use, and
# the machine may have other things to do.
settings.register_profile("opslore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("opslore")

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
