"""Index tables that are searched by age or by name, so that no search reads a whole table."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Name

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Index messages, forms, gaps and the outbox by age, and the outbox by name."""
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
        # Names are compared byte by byte, so that the index can find a prefix.
        op.alter_column("outbox", "once", type_=Name())
