"""Traces of deleted words in SQLite's full-text index, and taking them out step by step."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from sqlalchemy import Connection

# Pages that one step writes: it takes less than a tenth of a second. To merge the index of 100,000
# entries at once kept others from writing for 2.4 seconds.
_PAGES: Final = 200
_MERGE: Final = "INSERT INTO document_words(document_words, rank) VALUES ('merge', ?)"


def merge_index(begin: Callable[[], AbstractContextManager[Connection]]) -> None:
    """Merge all parts of the index into one, which leaves out what was deleted.

    Each step is a transaction of its own, so others write in between.
    """
    # A negative number begins a merge of everything, as 'optimize' would (sqlite.org/fts5.html).
    pages = -_PAGES
    while _step(begin, pages):
        pages = _PAGES


def _step(begin: Callable[[], AbstractContextManager[Connection]], pages: int) -> bool:
    """Return whether there was anything to merge: the statement itself counts as one change."""
    with begin() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        before = raw.total_changes
        connection.exec_driver_sql(_MERGE, (pages,))
        return bool(raw.total_changes - before > 1)
