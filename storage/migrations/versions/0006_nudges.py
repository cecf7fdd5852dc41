"""Add the tables of nudges."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables. They start empty."""
    op.create_table(
        "nudges",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("claimed_at", Utc(), nullable=False),
        sa.Column("built_at", Utc(), nullable=True),
        sa.Column("rest", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("came", sa.String(), nullable=True),
        sa.Column("came_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_nudges"),
        sa.UniqueConstraint("team_id", "user", "day", name="uq_nudges_team_id_user_day"),
        sa.UniqueConstraint("team_id", "id", name="uq_nudges_team_id_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_nudges_team_id_built_at_due_at", "nudges", ["team_id", "built_at", "due_at"]
    )
    op.create_table(
        "nudge_items",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("nudge_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("handled_by", sa.String(), nullable=True),
        sa.Column("handled_at", Utc(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "nudge_id"],
            ["nudges.team_id", "nudges.id"],
            name="fk_nudge_items_team_id_nudge_id",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_nudge_items_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("team_id", "nudge_id", "position", name="pk_nudge_items"),
    )
    op.create_index("ix_nudge_items_team_id_entry_id", "nudge_items", ["team_id", "entry_id"])
    op.create_table(
        "nudge_choices",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("until", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("team_id", "user", name="pk_nudge_choices"),
    )
