"""Add a table for the requests for changes, so that a proposal can have several."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc, Words

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table. A proposal's comment becomes its first request."""
    op.create_table(
        "requests",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("proposal_id", Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("comment", Words(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_requests_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("team_id", "proposal_id", "number", name="pk_requests"),
    )
    op.execute(
        sa.text(
            "INSERT INTO requests "
            "(team_id, proposal_id, number, entry_id, by, comment, at, answer) "
            "SELECT team_id, id, 1, entry_id, decided_by, comment, changed_at, "
            "CASE WHEN state = 'changes_requested' THEN NULL ELSE revision END "
            "FROM proposals WHERE comment <> '' AND decided_by IS NOT NULL"
        )
    )
    with op.batch_alter_table("proposals") as proposals:
        proposals.drop_column("comment")
