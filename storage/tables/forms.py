"""The table of open forms."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from storage.columns import Id, Utc
from storage.tables.row import Row


class FormDraftRow(Row, table=True):
    """An open form. `kept`: it stays when it is closed. `saved`: the entry that it was saved as."""

    __tablename__ = "form_drafts"
    __table_args__ = (
        Index(None, "team_id", "user", "created_at"),
        Index(None, "team_id", "created_at"),
        # Ids are never used again, because a deleted form may still be open on a screen.
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
    gap_id: int | None = Field(default=None, sa_type=Id)
    form: dict[str, Any] = Field(sa_type=JSON)
    evidence: list[dict[str, str]] = Field(sa_type=JSON)
    kept: bool = False
    saved: int | None = Field(default=None, sa_type=Id)
