"""The tables of digests and their lines."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Id, Utc
from storage.tables.row import Row


class DigestRow(Row, table=True):
    """The digest of a channel for a period. A period has one at most."""

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("team_id", "channel", "period"),
        UniqueConstraint("team_id", "id"),
        Index(None, "team_id", "channel", "due_at"),
        Index(None, "team_id", "built_at", "due_at"),
        # Ids are never used again, because an outbox item may still have the id of a deleted row.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    channel: str
    period: str
    due_at: datetime = Field(sa_type=Utc)
    claimed_at: datetime = Field(sa_type=Utc)
    built_at: datetime | None = Field(default=None, sa_type=Utc)
    figures: dict[str, int] = Field(sa_type=JSON)
    ts: str | None = None


class LineRow(Row, table=True):
    """A line of a digest."""

    __tablename__ = "digest_lines"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "digest_id"], ["digests.team_id", "digests.id"]),
        UniqueConstraint("team_id", "digest_id", "section", "position"),
        Index(None, "team_id", "entry_id"),
        Index(None, "team_id", "gap_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    digest_id: int = Field(sa_type=Id)
    section: str
    position: int
    entry_id: int | None = Field(default=None, sa_type=Id)
    gap_id: int | None = Field(default=None, sa_type=Id)
    facts: dict[str, Any] = Field(sa_type=JSON)
    handled_by: str | None = None
    handled_at: datetime | None = Field(default=None, sa_type=Utc)
    outcome: str = ""
