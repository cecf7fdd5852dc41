"""When an event last said of a channel how Opslore stands there."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Of what was said until now it is not known when."""
    op.add_column("channels", sa.Column("heard_at", Utc(), nullable=True))
