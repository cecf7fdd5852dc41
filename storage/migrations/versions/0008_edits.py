"""Add the last edit of each message, because Slack doesn't deliver edits in order."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table. For messages edited before, the next edit counts as the last one."""
    op.create_table(
        "edits",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("edited_ts", sa.String(), nullable=False),
        sa.Column("event_ts", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel", "ts", name="pk_edits"),
    )
    op.create_index("ix_edits_team_id_at", "edits", ["team_id", "at"])
