"""Database outages, reported as errors that people can read."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.domain.errors import NotStoredError, OpsloreError

log = logging.getLogger(__name__)

BUSY = "Opslore's database is busy. Nothing was saved. Try again in a moment."
_READ_ONLY = "Opslore's database is read-only. Nothing was saved. Tell whoever runs Opslore."
_FULL = "Opslore's disk is full. Nothing was saved. Tell whoever runs Opslore."
AWAY = "Opslore's database isn't answering. Nothing was saved. Try again in a moment."

# How an outage shows: parts of SQLite's messages, and PostgreSQL's codes (postgresql.org/docs,
# appendix A).
_OUTAGES = (
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
        AWAY,
        ("unable to open database file", "disk I/O error", "57P01", "57P02", "57P03", "25P03"),
    ),
)


class SchemaError(OpsloreError):
    """The database's tables are newer than this code."""


@contextmanager
def report_outages() -> Iterator[None]:
    """Turn a driver's error into a `NotStoredError` if the database is unavailable.

    Raises:
        NotStoredError: the database is locked, read-only, full or away. Everything was rolled back.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise unavailable("locked", BUSY) from error
    except DBAPIError as error:
        sign, user_text = _recognize(error)
        if not sign:
            raise
        raise unavailable(sign, user_text) from error


def unavailable(sign: str, user_text: str) -> NotStoredError:
    """Log the kind of outage and return the error to raise.

    The statement and its values stay out of the log.
    """
    log.warning("database_unavailable", extra={"sign": sign})
    return NotStoredError(user_text)


def _recognize(error: DBAPIError) -> tuple[str, str]:
    """Return the kind of outage and the text for people; both are empty if it isn't an outage."""
    code = getattr(error.orig, "sqlstate", None)
    message = code or str(error.orig)
    for sign, user_text, marks in _OUTAGES:
        if any(mark in message for mark in marks):
            return sign, user_text
    if error.connection_invalidated or (code or "").startswith("08"):
        return "away", AWAY
    if code is None and _failed_to_connect(error):
        return "away", AWAY
    return "", ""


def _failed_to_connect(error: DBAPIError) -> bool:
    """Return whether PostgreSQL couldn't be reached: an operational error without a code.

    The error must also have no statement. psycopg reports a statement that it can't send in the
    same way, such as one with more than 65,535 parameters. That is our bug and not an outage.
    """
    return (
        error.statement is None
        and type(error.orig).__module__.startswith("psycopg")
        and "Operational" in type(error.orig).__name__
    )
