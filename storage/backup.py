"""A copy of a SQLite database, taken while it is in use."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import make_url

from bot.domain.errors import InvalidInputError, UnavailableError


def backup(url: str, path: str | None = None) -> Path:
    """Copy the database at `url` to a new file and return where it is.

    Without a `path` the copy stands beside the database, under the next free number. It shows one
    moment, whatever is written meanwhile, and only this user can read it.

    Raises:
        InvalidInputError: it is no SQLite file, there is none yet, or something is at `path`.
        UnavailableError: the copy could not be written.
    """
    source = _file_of(url)
    target = _free_beside(source) if path is None else Path(path)
    try:
        target.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise InvalidInputError(f"{target} is there already; choose another path.") from None
    except OSError as error:
        raise UnavailableError(f"{target} can't be written: {error.strerror}.") from error
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
    except sqlite3.Error as error:
        target.unlink()
        raise UnavailableError(
            f"The backup failed, and nothing was left of it: {error}."
        ) from error
    return target


def _file_of(url: str) -> Path:
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        raise InvalidInputError(
            "A PostgreSQL database is backed up with its own tool:"
            " pg_dump --format=custom --file=opslore.dump DATABASE"
        )
    path = Path(target.database or "")
    if not path.is_file():
        raise InvalidInputError(f"There is no database at {path} yet.")
    return path


def _free_beside(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.backup-{number}") for number in count(1))
    return next(name for name in names if not name.exists())
