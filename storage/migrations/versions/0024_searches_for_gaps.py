"""Count searches for a gap that no entry answered."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the searches, without their words, and how many each gap has."""
    op.create_table(
        "gap_searches",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("gap_id", Id(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "gap_id", "user", "day", name="pk_gap_searches"),
        sa.ForeignKeyConstraint(
            ["team_id", "gap_id"],
            ["gaps.team_id", "gaps.id"],
            name="fk_gap_searches_team_id_gap_id_gaps",
        ),
    )
    op.add_column("gaps", sa.Column("searches", sa.Integer(), nullable=False, server_default="0"))
