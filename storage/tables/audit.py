"""The audit."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from storage.columns import Utc
from storage.tables.row import Row


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
