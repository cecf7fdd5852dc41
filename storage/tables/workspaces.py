"""The tables of workspaces, their channels and counters."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field

from storage.columns import Utc
from storage.tables.row import Row


class WorkspaceRow(Row, table=True):
    """A workspace and its settings. Each transaction that adds acts locks this row.

    `prompt_rate`: in tenths; NULL is the default. `acts` and `head`: number and hash of the last
    act of its audit. `channels_listed_at`: when Slack was last asked for the channels that the bot
    is in.
    """

    __tablename__ = "workspaces"

    team_id: str = Field(primary_key=True)
    person_budget: int
    channel_budget: int
    prompt_rate: int | None = None
    review_days: int
    holidays: list[str] = Field(sa_type=JSON)
    backup_after: int
    needs_approval: bool
    approvals: int
    self_approval: bool
    acts: int
    head: str
    channels_listed_at: datetime | None = Field(default=None, sa_type=Utc)


class CounterRow(Row, table=True):
    """The last number of an entry of a kind."""

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
    """How many membership changes the processes have stored for a user or channel.

    `about`: a user, a channel, or `*` for everyone.
    """

    __tablename__ = "membership_changes"

    team_id: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    changes: int
