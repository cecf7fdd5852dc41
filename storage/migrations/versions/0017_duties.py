"""Add duties: jobs that one process does for all processes that share the database."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Create the table. It is empty, so every duty is due at once."""
    op.create_table(
        "duties",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "name", name="pk_duties"),
        if_not_exists=True,
    )
