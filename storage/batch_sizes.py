"""How many values or rows one statement handles."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

# The key of a session's `info`.
BATCH_SIZES: Final = "opslore_batch_sizes"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSizes:
    """Sizes for large databases. Tests pass small ones to reach the same code with a few rows."""

    # How many values go into one statement. PostgreSQL takes 65,535 and SQLite 32,766.
    values: int = 5_000
    # How many of the newest matches a search ranks, and twice as many with a word in the title. In
    # SQLite that is every match, except of the most common words. PostgreSQL ranks slowly: this
    # many take about 7 ms.
    ranked_sqlite: int = 6_000
    ranked_postgresql: int = 600
    # How many of the newest matches of a word a search compares, and how many entries in total.
    candidates: int = 30
    compared: int = 120
    # How many entries a message in chat is compared with, if there are more than that. In an
    # experiment with 1,848 entries, the same entries were found to cover 215 threads.
    compared_with_chat: int = 48


def batch_sizes_of(session: Session) -> BatchSizes:
    """Return the sizes that the session's store was opened with."""
    sizes = session.info.get(BATCH_SIZES, BatchSizes())
    assert isinstance(sizes, BatchSizes)
    return sizes
