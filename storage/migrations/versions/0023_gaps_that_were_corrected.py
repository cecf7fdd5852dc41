"""Say of a gap whether a person chose its threads, apart from whether they named it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the column. Until now, such a gap was stored as renamed; its name stays."""
    no = sa.false()
    op.add_column("gaps", sa.Column("corrected", sa.Boolean(), nullable=False, server_default=no))
