"""Backups of a SQLite database while it is in use."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import make_url

from bot.domain.errors import InvalidInputError, UnavailableError


def backup(url: str, path: str | None = None) -> Path:
    """Copy the database at `url` to a new file and return the file's path.

    Without a `path`, the copy goes next to the database, under the next free number. The copy is
    consistent even if others write during the backup. Only this user can read it.

    Raises:
        InvalidInputError: the URL isn't a SQLite file, the file doesn't exist, or `path` does.
        UnavailableError: the copy can't be written.
    """
    source = _file_of(url)
    target = _next_free_path(source) if path is None else Path(path)
    try:
        target.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise InvalidInputError(f"{target} already exists. Choose another path.") from None
    except OSError as error:
        raise UnavailableError(
            f"{target} can't be written: {error.strerror}. Choose another path."
        ) from error
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
    except sqlite3.Error as error:
        target.unlink()
        raise UnavailableError(
            f"The backup failed, and its file was removed: {error}. Check the database with"
            " `opslore doctor`."
        ) from error
    return target


def _file_of(url: str) -> Path:
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        raise InvalidInputError(
            "Opslore backs up SQLite only. Back up PostgreSQL with its own tool:"
            " pg_dump --format=custom --file=opslore.dump DATABASE"
        )
    path = Path(target.database or "")
    if not path.is_file():
        raise InvalidInputError(
            f"There is no database at {path} yet. `opslore run` or `opslore db upgrade` creates it."
        )
    return path


def _next_free_path(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.backup-{number}") for number in count(1))
    return next(name for name in names if not name.exists())
