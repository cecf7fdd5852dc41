"""Add counts of membership changes, and columns on which visibility depends."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add them, with no counts. That is right, because a process starts with an empty cache."""
    op.create_table(
        "membership_changes",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "about", name="pk_membership_changes"),
    )
    op.add_column("workspaces", sa.Column("channels_listed_at", Utc(), nullable=True))
    for name in ("shared", "deleted"):
        op.add_column(
            "channels", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("channels") as channels:
        channels.alter_column("shared", server_default=None)
        channels.alter_column("deleted", server_default=None)
