"""The tables of messages, edits, events, gaps and prompts."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Id, Utc, Words
from storage.tables.row import Row


class MessageRow(Row, table=True):
    """A chat message that was claimed or deleted. Its text isn't stored."""

    __tablename__ = "messages"
    __table_args__ = (
        Index(None, "team_id", "channel", "act", "at"),
        Index(None, "team_id", "at"),
    )

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    thread_ts: str | None = None
    user: str | None = None
    act: str | None = None
    score: float | None = None
    deleted: bool = False


class EditRow(Row, table=True):
    """The last edit of a message, even if the message wasn't claimed. Its text isn't stored.

    This table is separate from messages because an edit may arrive before its message and must not
    count as a claim.
    """

    __tablename__ = "edits"
    __table_args__ = (Index(None, "team_id", "at"),)

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    edited_ts: str
    event_ts: str
    at: datetime = Field(sa_type=Utc)


class EventRow(Row, table=True):
    """An event from Slack that was claimed, by Slack's id."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "team_id", "at"),)

    team_id: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)


class GapRow(Row, table=True):
    """A recurring matter that no entry covers. `count`: its threads."""

    __tablename__ = "gaps"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
        UniqueConstraint("team_id", "id"),
        Index(None, "team_id", "channel", "state", "last_at"),
        Index(None, "team_id", "state", "last_at"),
        # Ids are never used again, because an outbox item may still have the id of a deleted gap.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    channel: str
    act: str
    title: str = Field(sa_type=Words)
    terms: dict[str, int] = Field(sa_type=JSON)
    count: int
    first_at: datetime = Field(sa_type=Utc)
    last_at: datetime = Field(sa_type=Utc)
    state: str
    entry_id: int | None = Field(default=None, sa_type=Id)


class OccurrenceRow(Row, table=True):
    """A message of a gap, with its words, so that they can be removed with it."""

    __tablename__ = "occurrences"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "gap_id"], ["gaps.team_id", "gaps.id"]),
        Index(None, "team_id", "channel", "ts"),
        Index(None, "team_id", "gap_id", "at"),
    )

    team_id: str = Field(primary_key=True)
    gap_id: int = Field(primary_key=True, sa_type=Id)
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    thread_ts: str
    author: str
    at: datetime = Field(sa_type=Utc)
    permalink: str
    excerpt: str = Field(sa_type=Words)
    terms: dict[str, int] = Field(sa_type=JSON)


class PromptRow(Row, table=True):
    """A prompt that a person was shown, and the answer. A thread has one at most."""

    __tablename__ = "prompts"
    __table_args__ = (
        UniqueConstraint("team_id", "channel", "thread_ts"),
        Index(None, "team_id", "at"),
        Index(None, "team_id", "user", "at"),
        Index(None, "team_id", "channel", "at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    channel: str
    thread_ts: str
    ts: str
    user: str
    kind: str
    at: datetime = Field(sa_type=Utc)
    gap_id: int | None = Field(default=None, sa_type=Id)
    entry_id: int | None = Field(default=None, sa_type=Id)
    terms: dict[str, int] = Field(sa_type=JSON)
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Utc)
