"""The table of the outbox."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Id, Name, Utc
from storage.tables.row import Row

# The items that are deleted some time after they were sent; those of posts are kept. The index and
# the query need the same text, otherwise the index isn't used.
PASSING: Final = "(once IS NULL OR topic IN ('note', 'refresh'))"


class OutboxRow(Row, table=True):
    """An item to send or redraw. `about_ts`: the chat message that it is about."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("team_id", "once"),
        Index(None, "team_id", "channel", "about_ts"),
        Index(None, "team_id", "fate", "due_at", "id"),
        # The migration gives it the same condition on PostgreSQL. Naming that option here would
        # import PostgreSQL's dialect, a tenth of the start-up, into a bot with SQLite too.
        Index(None, "team_id", "ended_at", sqlite_where=text(PASSING)),
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
