"""Add a flag for forms that couldn't be saved, so that they stay after they are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the flag. It is off for existing forms."""
    op.add_column(
        "drafts", sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.false())
    )
