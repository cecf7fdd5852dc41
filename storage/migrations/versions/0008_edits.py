"""Which edit of a message was the last: Slack does not bring them in order."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Of what was edited until now, whichever edit comes next is taken."""
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
