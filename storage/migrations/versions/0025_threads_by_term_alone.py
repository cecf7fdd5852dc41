"""Let the index of threads by term find them without reading the table."""

from alembic import op

revision = "0025"
down_revision = "0024"
_TABLE = "thread_terms"
_COLUMNS = ["team_id", "channel", "term", "at"]


def upgrade() -> None:
    """Add the thread to the index that similar threads are looked up by."""
    columns = [*_COLUMNS, "thread_ts"]
    op.create_index(f"ix_{_TABLE}_{'_'.join(columns)}", _TABLE, columns, if_not_exists=True)
    op.drop_index(f"ix_{_TABLE}_{'_'.join(_COLUMNS)}", _TABLE, if_exists=True)
