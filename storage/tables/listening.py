"""What is said in channels: messages, gaps and prompts."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Id, Utc, Words
from storage.tables.row import Row


class MessageRow(Row, table=True):
    """A chat message that was claimed, or that was deleted; never its words."""

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
    """The last edit of a message, whether or not the message was claimed; never its words.

    Apart from the claim: an edit may come before its message, and must not pass for it.
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
    """An event of Slack's that was taken, by Slack's own id."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "team_id", "at"),)

    team_id: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)


class GapRow(Row, table=True):
    """Messages alike that no entry covers."""

    __tablename__ = "gaps"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
        UniqueConstraint("team_id", "id"),
        Index(None, "team_id", "channel", "state", "last_at"),
        Index(None, "team_id", "state", "last_at"),
        # An id is never given twice: a telling may still name a path that is gone.
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
    """One message of a path and the words that it brought, so that they can go with it."""

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
    """A prompt that somebody was shown, once a thread, and what they answered."""

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
