"""Conversion of outbox rows to outbox items."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import col

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.outbox import Fate, OutboxItem, OutboxItemId, Topic
from storage.aggregate import table_of
from storage.tables.outbox import OutboxRow

OUTBOX: Final = table_of(OutboxRow)
WAITING: Final = col(OutboxRow.fate) == Fate.WAITING.value


def id_of(row: OutboxRow) -> int:
    """Return the id of a row that was flushed."""
    assert row.id is not None
    return row.id


def item_of(row: Mapping[Any, Any]) -> OutboxItem:
    """Convert a row's columns to an outbox item."""
    return OutboxItem(
        id=OutboxItemId(row["id"]),
        team=TeamId(row["team_id"]),
        topic=Topic(row["topic"]),
        channel=ChannelId(row["channel"]),
        payload=row["payload"],
        due_at=row["due_at"],
        created_at=row["created_at"],
        user=None if row["user"] is None else UserId(row["user"]),
        thread_ts=row["thread_ts"],
        attempts=row["attempts"],
        attempted_at=row["attempted_at"],
        leased_until=row["leased_until"],
        fate=Fate(row["fate"]),
        ts=row["ts"],
    )
