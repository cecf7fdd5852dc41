"""Messages as they are stored while their threads are compared."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from bot.domain.entries import ChannelId
from bot.domain.listening.stored import StoredMessage
from storage.aggregate import TEAM, Queries, batches, dialect_of, insert, table_of
from storage.heard_rows import stored_of, values_of
from storage.tables.listening import (
    HeardMessageRow,
    ThreadLinkRow,
    ThreadRow,
    ThreadTermRow,
)

_MESSAGES = table_of(HeardMessageRow)

# Built once, because building a statement takes longer than running it.
_OF_THREADS: Final = select(_MESSAGES).where(
    _MESSAGES.c.team_id == TEAM,
    _MESSAGES.c.channel == bindparam("channel"),
    _MESSAGES.c.thread_ts.in_(bindparam("threads", expanding=True)),
)
_INCIDENTS: Final = (
    select(_MESSAGES.c.ts)
    .where(
        _MESSAGES.c.team_id == TEAM,
        _MESSAGES.c.at >= bindparam("since"),
        _MESSAGES.c.channel == bindparam("channel"),
        _MESSAGES.c.incident,
    )
    .limit(1)
)
_KEYS: Final = ("team_id", "channel", "ts")


class HeardMessages(Queries):
    """The messages of a workspace, without their texts."""

    def put(self, channel: ChannelId, root: str, message: StoredMessage) -> None:
        """Store a message of a thread, or replace it."""
        values = {
            "team_id": self._team,
            "channel": channel,
            "ts": message.heard.ts,
            "thread_ts": root,
            **values_of(message),
        }
        self._session.connection().execute(_put(dialect_of(self._session)), values)

    def remove(self, channel: ChannelId, ts: str) -> str | None:
        """Delete what is kept of a message, and return the thread that it was in."""
        deletion = delete(HeardMessageRow).where(
            col(HeardMessageRow.team_id) == self._team,
            col(HeardMessageRow.channel) == channel,
            col(HeardMessageRow.ts) == ts,
        )
        row = self._session.exec(deletion.returning(col(HeardMessageRow.thread_ts))).first()
        return None if row is None else str(row[0])

    def get(self, channel: ChannelId, ts: str) -> tuple[str, StoredMessage] | None:
        """Return a message with the thread that it is in."""
        query = select(_MESSAGES).where(
            _MESSAGES.c.team_id == self._team,
            _MESSAGES.c.channel == channel,
            _MESSAGES.c.ts == ts,
        )
        row = self._session.connection().execute(query).mappings().first()
        return None if row is None else (row["thread_ts"], stored_of(row))

    def of_threads(
        self, channel: ChannelId, roots: Collection[str], most: int = 60
    ) -> dict[str, list[StoredMessage]]:
        """Return the first messages of each thread, oldest first."""
        threads: defaultdict[str, list[StoredMessage]] = defaultdict(list)
        for batch in batches(self._session, sorted(roots)):
            wanted = {"team": self._team, "channel": channel, "threads": batch}
            rows = self._session.connection().execute(_OF_THREADS, wanted).mappings()
            # Sorted here: for an order by time, SQLite would read all messages by their times.
            for row in sorted(rows, key=lambda row: (row["at"], row["ts"])):
                thread = threads[row["thread_ts"]]
                if len(thread) < most:
                    thread.append(stored_of(row))
        return dict(threads)

    def is_hot(self, channel: ChannelId, since: datetime) -> bool:
        """Return whether a message since then belongs to the hot phase of an incident."""
        wanted = {"team": self._team, "channel": channel, "since": since}
        return self._session.connection().execute(_INCIDENTS, wanted).first() is not None

    def forget_before(self, at: datetime, most: int) -> int:
        """Delete messages from before then, at most `most`, and return how many."""
        return self._forget_oldest(HeardMessageRow, "at", at, most)

    def forget_threads_before(self, at: datetime, most: int) -> int:
        """Delete threads from before then, with their terms and links; at most `most` of each.

        Return the largest number. Counts of terms stay as they are: they only say what is common.
        """
        rows = (ThreadRow, ThreadTermRow, ThreadLinkRow)
        return max(self._forget_oldest(row, "at", at, most) for row in rows)


@cache
def _put(dialect: str) -> Any:  # noqa: ANN401 - an insert of either database
    statement = insert(dialect, HeardMessageRow)
    changed = [column for column in statement.excluded if column.name not in (*_KEYS, "thread_ts")]
    return statement.on_conflict_do_update(
        index_elements=[*_KEYS], set_={column.name: column for column in changed}
    )
