"""A temporary file with the last recorded state of each row, for `storage.audit.verification`."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

_TABLES: Final = (
    "CREATE TABLE stated (name TEXT, key TEXT, digest BLOB, act INTEGER, PRIMARY KEY (name, key))"
    " WITHOUT ROWID"
)
_PUT: Final = "INSERT OR REPLACE INTO stated VALUES (?, ?, ?, ?)"
_REST: Final = "SELECT name, key, act FROM stated WHERE digest IS NOT NULL ORDER BY name, key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The last recorded state of a row: its digest, and the number of the act.

    `digest` is None if the row was deleted.
    """

    digest: bytes | None
    act: int


class Ledger:
    """A temporary SQLite file, because there may be more rows than fit into memory."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute(_TABLES)
        self._file.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def put(self, lines: Iterable[tuple[str, str, bytes | None, int]]) -> None:
        """Store table, key, digest and act of rows. Later states replace earlier ones."""
        self._file.executemany(_PUT, lines)

    def take(self, name: str, keys: Sequence[str]) -> Mapping[str, Line]:
        """Remove the states of these rows and return them. States left at the end have no row."""
        places = ", ".join("?" * len(keys))
        rows = self._file.execute(
            f"DELETE FROM stated WHERE name = ? AND key IN ({places})"  # noqa: S608 - only places
            " RETURNING key, digest, act",
            (name, *keys),
        )
        return {key: Line(digest=digest, act=act) for key, digest, act in rows.fetchall()}

    def rest(self) -> Iterator[tuple[str, str, int]]:
        """Yield table, key and act of each row that should exist and wasn't taken."""
        yield from self._file.execute(_REST)
