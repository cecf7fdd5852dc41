"""Add kinds of verdicts, and due reasons."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column and the table. All existing verdicts are `accurate`."""
    op.add_column(
        "reviews", sa.Column("verdict", sa.String(), nullable=False, server_default="accurate")
    )
    op.add_column("reviews", sa.Column("asked", sa.String(), nullable=True))
    op.create_index("ix_reviews_team_id_asked", "reviews", ["team_id", "asked"])
    op.add_column("entries", sa.Column("flagged_at", Utc(), nullable=True))
    op.create_index("ix_entries_team_id_flagged_at", "entries", ["team_id", "flagged_at"])
    op.create_index("ix_entries_team_id_state_due_at", "entries", ["team_id", "state", "due_at"])
    op.create_table(
        "due_reasons",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("settled_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_due_reasons_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("team_id", "entry_id", "cause", "about", name="pk_due_reasons"),
    )
