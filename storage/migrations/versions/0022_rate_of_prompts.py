"""Let a workspace set how many prompts a channel gets for each 100 messages."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the setting. It is in tenths. NULL is the default, which the audit doesn't record."""
    op.add_column("workspaces", sa.Column("prompt_rate", sa.Integer(), nullable=True))
