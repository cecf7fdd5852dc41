"""Add to proposals the entry's owner at the time, who may approve them."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc

revision = "0012"
down_revision = "0011"

_PROPOSALS = sa.table(
    "proposals",
    sa.column("id", Id()),
    sa.column("team_id", sa.String()),
    sa.column("entry_id", Id()),
    sa.column("opened_at", Utc()),
    sa.column("owner", sa.String()),
)
_LANDINGS = sa.table(
    "landings",
    sa.column("team_id", sa.String()),
    sa.column("entry_id", Id()),
    sa.column("revision", sa.Integer()),
    sa.column("at", Utc()),
)
_REVISIONS = sa.table(
    "revisions",
    sa.column("team_id", sa.String()),
    sa.column("entry_id", Id()),
    sa.column("number", sa.Integer()),
    sa.column("content", sa.JSON()),
)


def upgrade() -> None:
    """Read the owner from the revision that was in force when the proposal was opened."""
    op.add_column("proposals", sa.Column("owner", sa.String(), nullable=False, server_default=""))
    connection = op.get_bind()
    for proposal in connection.execute(sa.select(_PROPOSALS)).mappings().all():
        set_owner = sa.update(_PROPOSALS).where(_PROPOSALS.c.id == proposal["id"])
        connection.execute(set_owner.values(owner=_owner_of(connection, proposal)))
    with op.batch_alter_table("proposals") as proposals:
        proposals.alter_column("owner", server_default=None)


def _owner_of(connection: sa.Connection, proposal: sa.RowMapping) -> str:
    query = (
        sa.select(_REVISIONS.c.content)
        .join(
            _LANDINGS,
            sa.and_(
                _LANDINGS.c.team_id == _REVISIONS.c.team_id,
                _LANDINGS.c.entry_id == _REVISIONS.c.entry_id,
                _LANDINGS.c.revision == _REVISIONS.c.number,
            ),
        )
        .where(
            _REVISIONS.c.team_id == proposal["team_id"],
            _REVISIONS.c.entry_id == proposal["entry_id"],
            _LANDINGS.c.at <= proposal["opened_at"],
        )
        .order_by(_LANDINGS.c.revision.desc())
        .limit(1)
    )
    content = connection.execute(query).scalar_one_or_none()
    return str((content or {}).get("owner", ""))
