"""Removal of deleted words from SQLite's full-text index, step by step."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from sqlalchemy import Connection

# The pages that one step writes, which takes less than 0.1 s. Merging the index of 100,000 entries
# in one step kept other writers waiting for 2.4 s.
_PAGES: Final = 200
_MERGE: Final = "INSERT INTO document_words(document_words, rank) VALUES ('merge', ?)"


def merge_index(begin: Callable[[], AbstractContextManager[Connection]]) -> None:
    """Merge all parts of the index into one, without the deleted words.

    Each step is a transaction, so that others can write in between.
    """
    # A negative number begins a merge of everything, as 'optimize' does (sqlite.org/fts5.html).
    pages = -_PAGES
    while _step(begin, pages):
        pages = _PAGES


def _step(begin: Callable[[], AbstractContextManager[Connection]], pages: int) -> bool:
    """Run a step and return whether it merged anything. The statement itself is one change."""
    with begin() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        before = raw.total_changes
        connection.exec_driver_sql(_MERGE, (pages,))
        return bool(raw.total_changes - before > 1)
