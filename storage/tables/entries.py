"""The rows of what people record: workspaces, channels, entries and what hangs on them.

Every row carries its workspace in its primary or a unique key, and rows refer to each other within
one workspace only.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import Id, Utc, Words
from storage.hashes import new_salt

# Names given by rule, so that a later migration can name what it changes.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row of any table. Nothing asks pydantic to check one, so its schemas need not be built."""

    model_config = {"defer_build": True}


class WorkspaceRow(Row, table=True):
    """A workspace and its settings; locked by whoever counts up in it.

    `acts` and `head`: the number and the hash of the last row of its audit. `channels_listed_at`:
    when Slack was last asked for the list of channels that the bot is in.
    """

    __tablename__ = "workspaces"

    team_id: str = Field(primary_key=True)
    person_budget: int
    channel_budget: int
    review_days: int
    holidays: list[str] = Field(sa_type=JSON)
    backup_after: int
    review: bool
    approvals: int
    self_approval: bool
    acts: int
    head: str
    channels_listed_at: datetime | None = Field(default=None, sa_type=Utc)


class CounterRow(Row, table=True):
    """The last number given to an entry of a kind."""

    __tablename__ = "counters"

    team_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    last: int


class ChannelRow(Row, table=True):
    """A channel that the bot is or was in."""

    __tablename__ = "channels"

    team_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    private: bool
    joined: bool
    watched: bool
    muted: bool
    archived: bool
    shared: bool
    deleted: bool
    digest_weekday: int
    digest_at: str
    digest_timezone: str
    heard_at: datetime | None = Field(default=None, sa_type=Utc)


class MembershipChangesRow(Row, table=True):
    """How many changes of who is where were heard of, by any process.

    `about`: a user, a channel, or `*` for everybody.
    """

    __tablename__ = "membership_changes"

    team_id: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    changes: int


class EntryRow(Row, table=True):
    """An entry; what lists are filtered by is repeated from its revision in force."""

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
    """One revision. Rows are added and never changed, but for `storage.redaction`.

    The audit holds a hash of the words. `salt` is part of it, as in every row with words, and goes
    when they are taken out: without it no one learns them by hashing guesses.
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


class DueReasonRow(Row, table=True):
    """Why an entry is due at once; `entries.flagged_at` repeats since when.

    `left`: an event said that this person left the entry's channel.
    """

    __tablename__ = "due_reasons"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
    )

    team_id: str = Field(primary_key=True)
    entry_id: int = Field(primary_key=True, sa_type=Id)
    cause: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    settled_at: datetime | None = Field(default=None, sa_type=Utc)
    left: bool = False


class ReviewRow(Row, table=True):
    """What somebody said of one exact revision. Rows are added and never changed."""

    __tablename__ = "reviews"
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


class EvidenceRow(Row, table=True):
    """A message that an entry came from."""

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
    """An entry's field that names another entry, by its key."""

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


class ObservationRow(Row, table=True):
    """A use of an entry, against the revision that was in force."""

    __tablename__ = "observations"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
        UniqueConstraint("team_id", "key"),
        Index(None, "team_id", "entry_id", "revision", "outcome"),
        Index(None, "team_id", "entry_id", "at", "outcome"),
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


class DocumentRow(Row, table=True):
    """What search reads of an entry: its words, folded; the full-text index follows this table."""

    __tablename__ = "documents"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
    )

    entry_id: int = Field(primary_key=True, sa_type=Id)
    team_id: str
    title: str = Field(sa_type=Words)
    body: str = Field(sa_type=Words)
    tags: str = Field(sa_type=Words)


class TermGramRow(Row, table=True):
    """Three letters in a row of a word that some entry holds: finds what a mistyped word meant."""

    __tablename__ = "term_grams"

    team_id: str = Field(primary_key=True)
    gram: str = Field(primary_key=True)
    term: str = Field(primary_key=True)


class TermRow(Row, table=True):
    """A word that some entry holds or held; `seen`: in about how many revisions."""

    __tablename__ = "terms"

    team_id: str = Field(primary_key=True)
    term: str = Field(primary_key=True)
    seen: int
