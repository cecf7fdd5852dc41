"""A form that was sent and could not be saved stays, also when it is closed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Forms from before go when they are closed, as they did."""
    op.add_column(
        "drafts", sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.false())
    )
