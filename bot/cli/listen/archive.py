"""Threads that rest while an export is read, in a temporary file instead of in memory.

It isn't in `storage`, because it's no part of a workspace's database and ends with the process.
"""

import pickle
import sqlite3
from typing import Final

from bot.domain.listening.threads import HeardThread, Root

_MEMORY: Final = 8000  # KB of the file that are also in memory
# A database without a name is a temporary file, and no one else can open it. SQLite removes it when
# it's closed, also if this process is killed.
_TEMPORARY: Final = ""


class DiskArchive:
    """Holds threads in a temporary database."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(_TEMPORARY, isolation_level=None)
        self._database.execute(f"PRAGMA cache_size = -{_MEMORY}")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE thread (root TEXT PRIMARY KEY, content BLOB)")

    def put(self, root: Root, thread: HeardThread) -> None:
        """Add a thread, or replace it."""
        content = pickle.dumps(thread, pickle.HIGHEST_PROTOCOL)
        self._database.execute("REPLACE INTO thread VALUES (?, ?)", (_key(root), content))

    def find(self, root: Root) -> HeardThread | None:
        """Return a thread, not to be changed; None if it isn't there."""
        found = self._database.execute("SELECT content FROM thread WHERE root = ?", (_key(root),))
        row = found.fetchone()
        thread: HeardThread | None = row and pickle.loads(row[0])  # noqa: S301 - written by this process
        return thread

    def remove(self, root: Root) -> None:
        """Remove a thread if it's there."""
        self._database.execute("DELETE FROM thread WHERE root = ?", (_key(root),))


def _key(root: Root) -> str:
    # In ASCII, because a channel's name may hold half of a surrogate pair.
    return ascii(root)
