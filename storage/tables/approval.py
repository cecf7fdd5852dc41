"""The tables of approval: proposals, requests for changes, and approvals."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Id, Utc, Words
from storage.hashes import new_salt
from storage.tables.row import Row


class ProposalRow(Row, table=True):
    """A change that waits, or waited, for approval. `revision`: the last one proposed.

    `owner`: the entry's owner when the proposal was opened, who may approve it.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
        UniqueConstraint("team_id", "entry_id", "revision"),
        Index(None, "team_id", "state", "opened_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    team_id: str
    entry_id: int = Field(sa_type=Id)
    revision: int
    base: int
    author: str
    owner: str
    state: str
    opened_at: datetime = Field(sa_type=Utc)
    changed_at: datetime = Field(sa_type=Utc)
    decided_by: str | None = None


class RequestRow(Row, table=True):
    """A request to change a proposal. Rows are added, and each is answered once.

    `answer`: the revision that the author wrote next; None until then.
    """

    __tablename__ = "requests"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
    )

    team_id: str = Field(primary_key=True)
    proposal_id: int = Field(primary_key=True, sa_type=Id)
    number: int = Field(primary_key=True)
    entry_id: int = Field(sa_type=Id)
    by: str
    comment: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=Utc)
    answer: int | None = None
    salt: str = Field(default_factory=new_salt, sa_column_kwargs={"default": new_salt})


class ApprovalRow(Row, table=True):
    """An approval of one exact revision. Rows are added and never changed."""

    __tablename__ = "approvals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "entry_id", "revision"],
            ["revisions.team_id", "revisions.entry_id", "revisions.number"],
        ),
    )

    team_id: str = Field(primary_key=True)
    entry_id: int = Field(primary_key=True, sa_type=Id)
    revision: int = Field(primary_key=True)
    by: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
