"""The table of the audit."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from storage.columns import Utc
from storage.tables.row import Row


class AuditRow(Row, table=True):
    """An act. `hash`: the hash of this row and of the hash before it.

    `states`: the new state of each audited row that the act changed.
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
