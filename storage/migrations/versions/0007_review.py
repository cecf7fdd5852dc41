"""Add the tables of approval, and the moment when each revision came into force."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc, Words

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables. Existing revisions came into force when they were saved."""
    for table in ("revisions", "entries"):
        op.add_column(
            table, sa.Column("superseded_by", sa.String(), nullable=False, server_default="")
        )
    op.add_column(
        "revisions", sa.Column("effect", sa.String(), nullable=False, server_default="wording")
    )
    op.add_column("drafts", sa.Column("proposal_id", Id(), nullable=True))
    for name, default in (("review", sa.true()), ("self_approval", sa.false())):
        op.add_column(
            "workspaces", sa.Column(name, sa.Boolean(), nullable=False, server_default=default)
        )
    op.add_column(
        "workspaces", sa.Column("approvals", sa.Integer(), nullable=False, server_default="1")
    )
    _landings()
    _proposals()
    op.create_index("ix_entries_team_id_superseded_by", "entries", ["team_id", "superseded_by"])


def _landings() -> None:
    op.create_table(
        "landings",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        _of_revision("landings"),
        sa.PrimaryKeyConstraint("team_id", "entry_id", "revision", name="pk_landings"),
    )
    op.create_index("ix_landings_team_id_at", "landings", ["team_id", "at"])
    op.execute(
        sa.text(
            "INSERT INTO landings (team_id, entry_id, revision, at) "
            "SELECT team_id, entry_id, number, at FROM revisions"
        )
    )


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("comment", Words(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_proposals_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.UniqueConstraint(
            "team_id", "entry_id", "revision", name="uq_proposals_team_id_entry_id_revision"
        ),
    )
    op.create_index(
        "ix_proposals_team_id_state_opened_at", "proposals", ["team_id", "state", "opened_at"]
    )
    op.create_table(
        "approvals",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        _of_revision("approvals"),
        sa.PrimaryKeyConstraint("team_id", "entry_id", "revision", "by", name="pk_approvals"),
    )


def _of_revision(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["team_id", "entry_id", "revision"],
        ["revisions.team_id", "revisions.entry_id", "revisions.number"],
        name=f"fk_{table}_team_id_entry_id_revision",
    )
