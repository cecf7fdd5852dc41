"""The tables of entries, their revisions, evidence, links and uses."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Id, Utc, Words
from storage.hashes import new_salt
from storage.tables.row import Row


class EntryRow(Row, table=True):
    """An entry. The columns that lists filter by are copies from its revision in force."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "kind", "number"),
        Index(None, "team_id", "home", "state", "due_at"),
        Index(None, "team_id", "state", "due_at"),
        Index(None, "team_id", "flagged_at"),
        Index(None, "team_id", "home", "changed_at"),
        Index(None, "team_id", "owner", "state"),
        Index(None, "team_id", "backup", "state"),
        Index(None, "team_id", "created_at"),
        Index(None, "team_id", "superseded_by"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    kind: str
    number: int
    state: str
    home: str
    revision: int
    title: str = Field(sa_type=Words)
    owner: str
    backup: str
    review_days: int
    thin: bool
    created_at: datetime = Field(sa_type=Utc)
    changed_at: datetime = Field(sa_type=Utc)
    due_at: datetime = Field(sa_type=Utc)
    flagged_at: datetime | None = Field(default=None, sa_type=Utc)
    snoozed_until: datetime | None = Field(default=None, sa_type=Utc)
    certified_at: datetime | None = Field(default=None, sa_type=Utc)
    certified_by: str | None = None
    thread_ts: str | None = None
    superseded_by: str = ""
    salt: str = Field(default_factory=new_salt, sa_column_kwargs={"default": new_salt})


class RevisionRow(Row, table=True):
    """A revision. Rows are added, and only `storage.redaction` ever changes one.

    The audit has a hash of the text and of `salt`. A redaction replaces the salt, so that no one
    can find the removed text by hashing guesses. This is the same in all rows with text.
    """

    __tablename__ = "revisions"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
    )

    team_id: str = Field(primary_key=True)
    entry_id: int = Field(primary_key=True, sa_type=Id)
    number: int = Field(primary_key=True)
    kind: str
    content: dict[str, Any] = Field(sa_type=JSON)
    author: str
    at: datetime = Field(sa_type=Utc)
    note: str = Field(sa_type=Words)
    change: str
    effect: str
    superseded_by: str = ""
    salt: str


class EvidenceRow(Row, table=True):
    """A message that an entry is based on."""

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
        Index(None, "team_id", "channel", "ts"),
    )

    team_id: str = Field(primary_key=True)
    entry_id: int = Field(primary_key=True, sa_type=Id)
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    permalink: str
    author: str
    excerpt: str = Field(sa_type=Words)
    state: str
    salt: str = Field(default_factory=new_salt, sa_column_kwargs={"default": new_salt})


class LinkRow(Row, table=True):
    """An entry's field that has the key of another entry."""

    __tablename__ = "links"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
        Index(None, "team_id", "to_kind", "to_number"),
    )

    team_id: str = Field(primary_key=True)
    entry_id: int = Field(primary_key=True, sa_type=Id)
    field: str = Field(primary_key=True)
    to_kind: str
    to_number: int


class UseRow(Row, table=True):
    """A use of an entry, with the revision that was in force."""

    __tablename__ = "uses"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
        UniqueConstraint("team_id", "key"),
        Index(None, "team_id", "entry_id", "revision", "outcome"),
        Index(None, "team_id", "entry_id", "at", "outcome"),
        Index(None, "team_id", "outcome", "at", "entry_id", "revision"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    entry_id: int = Field(sa_type=Id)
    revision: int
    outcome: str
    by: str
    at: datetime = Field(sa_type=Utc)
    note: str = Field(sa_type=Words)
    permalink: str
    key: str
    salt: str = Field(default_factory=new_salt, sa_column_kwargs={"default": new_salt})


class LandingRow(Row, table=True):
    """The moment when a revision came into force. Rows are added and never changed.

    A later landing always has a higher revision, because a proposal that waited is rebased to a new
    revision first.
    """

    __tablename__ = "landings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "entry_id", "revision"],
            ["revisions.team_id", "revisions.entry_id", "revisions.number"],
        ),
        Index(None, "team_id", "at"),
    )

    team_id: str = Field(primary_key=True)
    entry_id: int = Field(primary_key=True, sa_type=Id)
    revision: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
