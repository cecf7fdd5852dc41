"""What the database refuses, in plain words."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.domain.errors import NotStoredError, OpsloreError

log = logging.getLogger(__name__)

BUSY = "Opslore's database is busy; try again in a moment. Nothing was stored."
_READ_ONLY = "Opslore's database is read-only; tell whoever runs Opslore. Nothing was stored."
_FULL = "Opslore's disk is full; tell whoever runs Opslore. Nothing was stored."
_AWAY = "Opslore's database does not answer; try again in a moment. Nothing was stored."

# SQLite's words, then PostgreSQL's codes (postgresql.org/docs, appendix A).
_SIGNS = (
    (
        "locked",
        BUSY,
        ("database is locked", "database table is locked", "database schema is locked"),
    ),
    ("read_only", _READ_ONLY, ("readonly database", "attempt to write a readonly", "25006")),
    ("full", _FULL, ("database or disk is full", "53100")),
    ("locked", BUSY, ("55P03", "57014", "40001", "40P01", "53300")),
    (
        "away",
        _AWAY,
        ("unable to open database file", "disk I/O error", "57P01", "57P02", "57P03", "25P03"),
    ),
)


class SchemaError(OpsloreError):
    """The database's tables are not those that this code was written for."""


@contextmanager
def report_outages() -> Iterator[None]:
    """Say an outage of the database as one.

    Raises:
        NotStoredError: it is locked, read-only, full or away; all of it was rolled back.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise unavailable("locked", BUSY) from error
    except DBAPIError as error:
        sign, words = _read(error)
        if not sign:
            raise
        raise unavailable(sign, words) from error


def unavailable(sign: str, words: str) -> NotStoredError:
    """The refusal, logged by its sign: the statement and its values stay out of the log."""
    log.warning("database_unavailable", extra={"sign": sign})
    return NotStoredError(words)


def _read(error: DBAPIError) -> tuple[str, str]:
    code = getattr(error.orig, "sqlstate", None)
    told = code or str(error.orig)
    for sign, words, marks in _SIGNS:
        if any(mark in told for mark in marks):
            return sign, words
    if error.connection_invalidated or (code or "").startswith("08"):
        return "away", _AWAY
    if code is None and _connecting(error):
        return "away", _AWAY
    return "", ""


def _connecting(error: DBAPIError) -> bool:
    """Whether PostgreSQL couldn't be reached at all: an operational error without a code.

    Without a statement as well: psycopg reports a statement of ours that it can't send, such as one
    with more than 65,535 parameters, in the same way. That is a fault of ours, and no outage.
    """
    return (
        error.statement is None
        and type(error.orig).__module__.startswith("psycopg")
        and "Operational" in type(error.orig).__name__
    )
