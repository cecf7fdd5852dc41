"""Add the time of the last event about Opslore's membership to channels."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column. The time is unknown for existing channels."""
    op.add_column("channels", sa.Column("heard_at", Utc(), nullable=True))
