"""The tables of nudges: who was reminded of what, what came of it, and who wants nudges."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Id, Utc
from storage.tables.row import Row


class NudgeRow(Row, table=True):
    """The nudge of a person for a day in their time zone. A day has one at most."""

    __tablename__ = "nudges"
    __table_args__ = (
        UniqueConstraint("team_id", "user", "day"),
        UniqueConstraint("team_id", "id"),
        Index(None, "team_id", "built_at", "due_at"),
        # Ids are never used again, because an outbox item may still have the id of a deleted row.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    user: str
    day: str
    due_at: datetime = Field(sa_type=Utc)
    claimed_at: datetime = Field(sa_type=Utc)
    built_at: datetime | None = Field(default=None, sa_type=Utc)
    rest: int = 0
    channel: str | None = None
    ts: str | None = None
    came: str | None = None
    came_at: datetime | None = Field(default=None, sa_type=Utc)


class NudgeItemRow(Row, table=True):
    """An item of a nudge, and who handled it."""

    __tablename__ = "nudge_items"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "nudge_id"], ["nudges.team_id", "nudges.id"]),
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
        Index(None, "team_id", "entry_id"),
    )

    team_id: str = Field(primary_key=True)
    nudge_id: int = Field(primary_key=True, sa_type=Id)
    position: int = Field(primary_key=True)
    about: str
    entry_id: int = Field(sa_type=Id)
    revision: int
    handled_by: str | None = None
    handled_at: datetime | None = Field(default=None, sa_type=Utc)
    outcome: str = ""


class NudgeChoiceRow(Row, table=True):
    """A person's choice about nudges. A person without a row gets nudges."""

    __tablename__ = "nudge_choices"

    team_id: str = Field(primary_key=True)
    user: str = Field(primary_key=True)
    off: bool
    until: datetime | None = Field(default=None, sa_type=Utc)
