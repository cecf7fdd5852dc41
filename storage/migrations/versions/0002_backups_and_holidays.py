"""Add a backup to entries, and holidays to workspaces."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns. Existing entries get no backup, and workspaces no holidays."""
    op.add_column("entries", sa.Column("backup", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_entries_team_id_backup_state", "entries", ["team_id", "backup", "state"])
    op.add_column(
        "workspaces", sa.Column("holidays", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column(
        "workspaces", sa.Column("backup_after", sa.Integer(), nullable=False, server_default="3")
    )
