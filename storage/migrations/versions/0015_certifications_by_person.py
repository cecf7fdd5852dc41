"""Index verdicts, to find what a person certified without reading all of them."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Index the verdicts by the person who gave them."""
    op.create_index(
        "ix_reviews_team_id_by_at", "reviews", ["team_id", "by", "at"], if_not_exists=True
    )
