"""The rows of what passes through: messages, paths, prompts, tellings, drafts, digests, audit."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Id, Name, Utc, Words
from storage.tables.entries import Row

# What is sent and then forgotten; posts are kept. The same words in an index and in the query, for
# else the index isn't used.
PASSING: Final = "(once IS NULL OR topic IN ('note', 'refresh'))"


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


class PathRow(Row, table=True):
    """Messages alike that no entry covers."""

    __tablename__ = "paths"
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


class SampleRow(Row, table=True):
    """One message of a path and the words that it brought, so that they can go with it."""

    __tablename__ = "samples"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "path_id"], ["paths.team_id", "paths.id"]),
        Index(None, "team_id", "channel", "ts"),
        Index(None, "team_id", "path_id", "at"),
    )

    team_id: str = Field(primary_key=True)
    path_id: int = Field(primary_key=True, sa_type=Id)
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
    path_id: int | None = Field(default=None, sa_type=Id)
    entry_id: int | None = Field(default=None, sa_type=Id)
    terms: dict[str, int] = Field(sa_type=JSON)
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Utc)


class TellingRow(Row, table=True):
    """What is to be told; `about_ts` is the chat message that it is about."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("team_id", "once"),
        Index(None, "team_id", "channel", "about_ts"),
        Index(None, "team_id", "fate", "due_at", "id"),
        Index(
            None,
            "team_id",
            "ended_at",
            sqlite_where=text(PASSING),
            postgresql_where=text(PASSING),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    topic: str
    channel: str
    user: str | None = None
    thread_ts: str | None = None
    payload: dict[str, Any] = Field(sa_type=JSON)
    about_ts: str | None = None
    once: str | None = Field(default=None, sa_type=Name)
    due_at: datetime = Field(sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)
    attempts: int = 0
    attempted_at: datetime | None = Field(default=None, sa_type=Utc)
    leased_until: datetime | None = Field(default=None, sa_type=Utc)
    fate: str = "waiting"
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    reason: str = ""
    ts: str | None = None


class DraftRow(Row, table=True):
    """A form while it is open."""

    __tablename__ = "drafts"
    __table_args__ = (
        Index(None, "team_id", "user", "created_at"),
        Index(None, "team_id", "created_at"),
        # A form that was put away may still be open somewhere.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    user: str
    kind: str
    channel: str
    created_at: datetime = Field(sa_type=Utc)
    thread_ts: str | None = None
    entry_id: int | None = Field(default=None, sa_type=Id)
    base: int | None = None
    proposal_id: int | None = Field(default=None, sa_type=Id)
    path_id: int | None = Field(default=None, sa_type=Id)
    form: dict[str, Any] = Field(sa_type=JSON)
    evidence: list[dict[str, str]] = Field(sa_type=JSON)
    kept: bool = False
    saved: int | None = Field(default=None, sa_type=Id)


class DigestRow(Row, table=True):
    """The digest of a channel for a period, claimed once."""

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("team_id", "channel", "period"),
        UniqueConstraint("team_id", "id"),
        Index(None, "team_id", "channel", "due_at"),
        Index(None, "team_id", "built_at", "due_at"),
        # A telling may still name a digest that was planned anew.
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
    """One line of a digest."""

    __tablename__ = "digest_lines"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "digest_id"], ["digests.team_id", "digests.id"]),
        UniqueConstraint("team_id", "digest_id", "section", "position"),
        Index(None, "team_id", "entry_id"),
        Index(None, "team_id", "path_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    digest_id: int = Field(sa_type=Id)
    section: str
    position: int
    entry_id: int | None = Field(default=None, sa_type=Id)
    path_id: int | None = Field(default=None, sa_type=Id)
    facts: dict[str, Any] = Field(sa_type=JSON)
    handled_by: str | None = None
    handled_at: datetime | None = Field(default=None, sa_type=Utc)
    outcome: str = ""


class DutyRow(Row, table=True):
    """What one process does for all, and when it is due: also for how long somebody is at it."""

    __tablename__ = "duties"

    team_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    due_at: datetime = Field(sa_type=Utc)


class AuditRow(Row, table=True):
    """Who did what, chained: `hash` is over the row's words and the hash before it.

    `states`: how the act left each row that people rely on.
    """

    __tablename__ = "audit"

    team_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    actor: str
    action: str
    subject: str
    details: dict[str, Any] = Field(sa_type=JSON)
    at: datetime = Field(sa_type=Utc)
    hash: str
    states: dict[str, Any] = Field(sa_type=JSON)
