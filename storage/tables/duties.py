"""The table of duties."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import Utc
from storage.tables.row import Row


class DutyRow(Row, table=True):
    """A periodic job that one process does for all. A claim moves `due_at` to the claim's end."""

    __tablename__ = "duties"

    team_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    due_at: datetime = Field(sa_type=Utc)
