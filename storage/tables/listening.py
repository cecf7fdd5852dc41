"""The tables of messages, edits, events, threads, gaps and prompts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from storage.columns import Id, Utc, Words
from storage.tables.row import Row


class MessageRow(Row, table=True):
    """A chat message that was claimed or deleted. Its text isn't stored."""

    __tablename__ = "messages"
    __table_args__ = (
        Index(None, "team_id", "channel", "at"),
        Index(None, "team_id", "at"),
    )

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    thread_ts: str | None = None
    user: str | None = None
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


class HeardMessageRow(Row, table=True):
    """A message as hashes and numbers, by which its thread is compared with others.

    `excerpt`: masked, and empty unless the message opened its thread or may have settled it.
    `entry_id`: the entry in force that covers it best; `coverage`: how likely it does.
    """

    __tablename__ = "heard_messages"
    __table_args__ = (
        Index(None, "team_id", "channel", "thread_ts"),
        Index(None, "team_id", "at"),
    )

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    thread_ts: str
    user: str
    at: datetime = Field(sa_type=Utc)
    features: dict[str, Any] = Field(sa_type=JSON)
    meaning: bytes = Field(sa_type=LargeBinary, default=b"")
    excerpt: str = Field(sa_type=Words)
    incident: bool = False
    entry_id: int | None = Field(default=None, sa_type=Id)
    coverage: float = 0.0


class ThreadRow(Row, table=True):
    """A thread that may be an occurrence of a recurring matter, as it was last compared.

    `terms`: the hashes that it is found and counted by. `gap_id`: the gap that it belongs to; None
    while no other thread is like it.
    """

    __tablename__ = "threads"
    __table_args__ = (
        Index(None, "team_id", "channel", "gap_id"),
        Index(None, "team_id", "at"),
    )

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    thread_ts: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    settler: str
    terms: list[int] = Field(sa_type=JSON)
    gap_id: int | None = Field(default=None, sa_type=Id)


class ThreadTermRow(Row, table=True):
    """A term of a thread, by which similar threads find it."""

    __tablename__ = "thread_terms"
    __table_args__ = (
        # With the thread, so that a lookup reads the index only.
        Index(None, "team_id", "channel", "term", "at", "thread_ts"),
        Index(None, "team_id", "at"),
    )

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    thread_ts: str = Field(primary_key=True)
    term: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = Field(sa_type=Utc)


class TermCountRow(Row, table=True):
    """In how many threads of a channel a term occurs, or how many a person settled.

    `term`: see `storage.term_counts`.
    """

    __tablename__ = "term_counts"

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    term: int = Field(primary_key=True, sa_type=BigInteger)
    threads: int


class ThreadLinkRow(Row, table=True):
    """How likely two threads are about the same matter. Each pair has a row in either direction."""

    __tablename__ = "thread_links"
    __table_args__ = (Index(None, "team_id", "at"),)

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    thread_ts: str = Field(primary_key=True)
    other_ts: str = Field(primary_key=True)
    probability: float
    at: datetime = Field(sa_type=Utc)


class GapRow(Row, table=True):
    """A recurring matter that no entry covers. `count`: its threads; `searches`: for it.

    `people`, `days`: of both. `rank`: threads and searches, times people, times days.
    `probability`: how likely its threads are one matter. `answerer`: who usually settles it.
    `renamed`: a person named it. `corrected`: a person chose its threads.
    """

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
    renamed: bool = False
    corrected: bool = False
    probability: float = 1.0
    answerer: str | None = None
    count: int
    searches: int = 0
    people: int = 1
    days: int = 1
    rank: int = 1
    first_at: datetime = Field(sa_type=Utc)
    last_at: datetime = Field(sa_type=Utc)
    state: str
    entry_id: int | None = Field(default=None, sa_type=Id)


class OccurrenceRow(Row, table=True):
    """One thread of a gap, by its opening. `answer`: an excerpt of the message that settled it."""

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
    answer_ts: str | None = None
    answer: str = Field(default="", sa_type=Words)
    answerer: str | None = None


class GapSearchRow(Row, table=True):
    """A day on which a person searched for a gap, or asked Opslore directly, without an answer.

    Their words aren't stored.
    """

    __tablename__ = "gap_searches"
    __table_args__ = (ForeignKeyConstraint(["team_id", "gap_id"], ["gaps.team_id", "gaps.id"]),)

    team_id: str = Field(primary_key=True)
    gap_id: int = Field(primary_key=True, sa_type=Id)
    user: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)


class PromptRow(Row, table=True):
    """A prompt that a person was shown, and the answer. A person has one a thread at most.

    `reason`: why it was shown, such as `recurs`.
    """

    __tablename__ = "prompts"
    __table_args__ = (
        UniqueConstraint("team_id", "channel", "thread_ts", "user"),
        Index(None, "team_id", "at"),
        Index(None, "team_id", "user", "at"),
        Index(None, "team_id", "gap_id"),
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
    reason: str = ""
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Utc)
