"""What one process does for all."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import Utc
from storage.tables.row import Row


class DutyRow(Row, table=True):
    """What one process does for all, and when it is due: also for how long somebody is at it."""

    __tablename__ = "duties"

    team_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    due_at: datetime = Field(sa_type=Utc)
