"""A check of the database that changes nothing."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.domain.entries import TeamId
from bot.domain.errors import InvalidInputError, UnavailableError
from storage.migrate import needs_upgrade
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A database that works.

    `where`: its path or URL, without the password. `revision`: None if there are no tables yet.
    `behind`: the tables are missing or older than this code.
    """

    where: str
    revision: str | None
    behind: bool


def check_health(url: str) -> Health:
    """Check the database at `url`, and return its state. A test write is rolled back.

    Raises:
        InvalidInputError: the URL isn't valid, or isn't that of a database of Opslore's.
        UnavailableError: the database doesn't answer, or can't be written.
        SchemaError: the tables were made by a newer Opslore.
    """
    try:
        target = make_url(url)
        file = _file(target)
        where = str(file) if file else target.render_as_string(hide_password=True)
        if file and not file.exists():
            _refuse_unwritable(file)
            return Health(where=where, revision=None, behind=True)
        return _check_existing(url, where)
    except (ArgumentError, NoSuchModuleError):
        raise InvalidInputError("DATABASE_URL isn't the URL of a database.") from None
    except ModuleNotFoundError as error:
        raise InvalidInputError(f"The driver {error.name} isn't installed.") from error
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise InvalidInputError(f"This isn't a database of Opslore's: {reason}.") from error


def _check_existing(url: str, where: str) -> Health:
    store = Store.open(url)
    try:
        behind, revision = needs_upgrade(store), store.schema_revision()
        if revision is not None:
            _try_to_write(store)
        return Health(where=where, revision=revision, behind=behind)
    finally:
        store.close()


def _file(target: URL) -> Path | None:
    """Return the path of a SQLite file; None for PostgreSQL, and for SQLite's `file:` URIs."""
    plain = target.get_backend_name() == "sqlite" and not (target.database or "").startswith(
        "file:"
    )
    return Path(target.database or "") if plain else None


def _refuse_unwritable(file: Path) -> None:
    """Refuse a path at which neither the file nor its folder can be created."""
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise UnavailableError(f"A database can't be created in {folder}.")


class _RollBackError(Exception):
    """Rolls back the test write."""


def _try_to_write(store: Store) -> None:
    """Write a row and roll it back: a workspace's first transaction adds its row."""
    with suppress(_RollBackError), store.transaction(TeamId("T-health")):
        _roll_back()


def _roll_back() -> NoReturn:
    raise _RollBackError
