"""Indexes for what is looked for by age or by name: without them each look read the whole table."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Name

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Messages, forms, gaps and what was sent, by age; what was sent also by name."""
    for table, columns in (
        ("messages", ["team_id", "at"]),
        ("drafts", ["team_id", "created_at"]),
        ("paths", ["team_id", "state", "last_at"]),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns, if_not_exists=True)
    passing = sa.text("(once IS NULL OR topic IN ('note', 'refresh'))")
    op.create_index(
        "ix_outbox_team_id_ended_at",
        "outbox",
        ["team_id", "ended_at"],
        sqlite_where=passing,
        postgresql_where=passing,
        if_not_exists=True,
    )
    if op.get_context().dialect.name == "postgresql":
        # Compared by its bytes, so that the index of names finds how one begins.
        op.alter_column("outbox", "once", type_=Name())
