"""Whether somebody an entry relies on left its channel, or is gone in another way."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """What was noted until now is taken to be of people who left: that lifts nothing unasked."""
    op.add_column(
        "due_reasons", sa.Column("left", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    with op.batch_alter_table("due_reasons") as reasons:
        reasons.alter_column("left", server_default=None)
