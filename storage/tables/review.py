"""The tables of the review: verdicts and due reasons."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from storage.columns import Id, Utc
from storage.tables.row import Row


class DueReasonRow(Row, table=True):
    """A reason why an entry is due at once. `entries.flagged_at` is a copy of the oldest `at`.

    `left`: an event reported that this person left the entry's channel.
    """

    __tablename__ = "due_reasons"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
    )

    team_id: str = Field(primary_key=True)
    entry_id: int = Field(primary_key=True, sa_type=Id)
    kind: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    settled_at: datetime | None = Field(default=None, sa_type=Utc)
    left: bool = False


class VerdictRow(Row, table=True):
    """A person's verdict on one exact revision. Rows are added and never changed."""

    __tablename__ = "verdicts"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
        Index(None, "team_id", "entry_id", "at"),
        Index(None, "team_id", "by", "at"),
        Index(None, "team_id", "asked"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    entry_id: int = Field(sa_type=Id)
    revision: int
    verdict: str
    by: str
    at: datetime = Field(sa_type=Utc)
    due_at: datetime = Field(sa_type=Utc)
    asked: str | None = None
