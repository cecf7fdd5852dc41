"""Add to due reasons whether the person left the channel, or is gone in another way."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the flag. It is on for existing reasons, so that none is removed without a check."""
    op.add_column(
        "due_reasons", sa.Column("left", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    with op.batch_alter_table("due_reasons") as reasons:
        reasons.alter_column("left", server_default=None)
