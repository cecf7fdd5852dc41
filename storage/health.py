"""The state of a database, looked at without changing it."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.domain.entries import TeamId
from bot.domain.errors import InvalidInputError, UnavailableError
from storage.migrate import check
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A database that can be used. `where` shows no password.

    `revision` is None where there are no tables yet, and `behind` says that the tables, if any,
    are older than this code.
    """

    where: str
    revision: str | None
    behind: bool


def check_health(url: str) -> Health:
    """The state of the database at `url`; writing is tried and taken back, nothing is made.

    Raises:
        InvalidInputError: the URL is none, or leads to something else than a database.
        UnavailableError: it does not answer, or can not be written.
        SchemaError: it was made by a newer Opslore.
    """
    try:
        target = make_url(url)
        file = _file(target)
        where = str(file) if file else target.render_as_string(hide_password=True)
        if file and not file.exists():
            _refuse_unwritable(file)
            return Health(where=where, revision=None, behind=True)
        return _looked_at(url, where)
    except (ArgumentError, NoSuchModuleError):
        raise InvalidInputError("DATABASE_URL is no address of a database.") from None
    except ModuleNotFoundError as error:
        raise InvalidInputError(f"The driver {error.name} is not installed.") from error
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise InvalidInputError(f"This is no database of Opslore's: {reason}.") from error


def _looked_at(url: str, where: str) -> Health:
    store = Store.open(url)
    try:
        behind, revision = check(store), store.schema_revision()
        if revision is not None:
            _try_to_write(store)
        return Health(where=where, revision=revision, behind=behind)
    finally:
        store.close()


def _file(target: URL) -> Path | None:
    """The file of a SQLite database that is named by its path."""
    plain = target.get_backend_name() == "sqlite" and not (target.database or "").startswith(
        "file:"
    )
    return Path(target.database or "") if plain else None


def _refuse_unwritable(file: Path) -> None:
    """Refuse a place where no file can be made, nor a folder for it."""
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise UnavailableError(f"No database can be made in {folder}.")


class _TakenBackError(Exception):
    """What was tried is not kept."""


def _try_to_write(store: Store) -> None:
    """Begin to write, and take it back: a workspace's first transaction makes its row."""
    with suppress(_TakenBackError), store.transaction(TeamId("T-health")):
        _take_back()


def _take_back() -> NoReturn:
    raise _TakenBackError
