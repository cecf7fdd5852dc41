"""Add a hash to each revision, and put it into the audit.

Each workspace also gets the number and hash of its last act, so that a truncation is noticed.
"""

import hashlib
import json
import secrets
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc, Words

revision = "0003"
down_revision = "0002"

_REVISIONS = sa.table(
    "revisions",
    sa.column("team_id", sa.String()),
    sa.column("entry_id", Id()),
    sa.column("number", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("content", sa.JSON()),
    sa.column("author", sa.String()),
    sa.column("at", Utc()),
    sa.column("note", Words()),
    sa.column("change", sa.String()),
    sa.column("salt", sa.String()),
    sa.column("hash", sa.String()),
)
_ENTRIES = sa.table(
    "entries", sa.column("id", Id()), sa.column("kind", sa.String()), sa.column("number", Id())
)
_AUDIT = sa.table(
    "audit",
    sa.column("team_id", sa.String()),
    sa.column("number", sa.Integer()),
    sa.column("actor", sa.String()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("details", sa.JSON()),
    sa.column("at", Utc()),
    sa.column("hash", sa.String()),
)
_WORKSPACES = sa.table(
    "workspaces",
    sa.column("team_id", sa.String()),
    sa.column("acts", sa.Integer()),
    sa.column("head", sa.String()),
)
_PREFIX = {"decision": "DEC", "handoff": "HND", "escalation": "ESC"}


def upgrade() -> None:
    """Add the columns, fill them, and add acts with the hashes to each workspace's audit."""
    for name in ("salt", "hash"):
        op.add_column("revisions", sa.Column(name, sa.String(), nullable=True))
    op.add_column("workspaces", sa.Column("acts", sa.Integer(), nullable=True))
    op.add_column("workspaces", sa.Column("head", sa.String(), nullable=True))
    connection = op.get_bind()
    for team in connection.execute(sa.select(_WORKSPACES.c.team_id)).scalars().all():
        number, head = _hash_all(connection, team)
        mine = _WORKSPACES.c.team_id == team
        connection.execute(sa.update(_WORKSPACES).where(mine).values(acts=number, head=head))
    with op.batch_alter_table("revisions") as revisions:
        for name in ("salt", "hash"):
            revisions.alter_column(name, existing_type=sa.String(), nullable=False)
    with op.batch_alter_table("workspaces") as workspaces:
        workspaces.alter_column("acts", existing_type=sa.Integer(), nullable=False)
        workspaces.alter_column("head", existing_type=sa.String(), nullable=False)


def _hash_all(connection: sa.Connection, team: str) -> tuple[int, str]:
    """Hash the revisions of a workspace, and return the number and hash of its last act."""
    number, before = _end(connection, team)
    query = (
        sa.select(_REVISIONS, _ENTRIES.c.number.label("entry_number"))
        .join_from(_REVISIONS, _ENTRIES, _ENTRIES.c.id == _REVISIONS.c.entry_id)
        .where(_REVISIONS.c.team_id == team)
        .order_by(_REVISIONS.c.entry_id, _REVISIONS.c.number)
    )
    for row in connection.execute(query).mappings().all():
        moment = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
        said = [team, row["entry_id"], row["number"], row["kind"], row["content"], row["author"]]
        salt = secrets.token_hex(16)
        kept = _sha256(_json([*said, moment, row["note"], row["change"], salt]))
        named = (_REVISIONS.c.entry_id == row["entry_id"], _REVISIONS.c.number == row["number"])
        connection.execute(
            sa.update(_REVISIONS)
            .where(_REVISIONS.c.team_id == team, *named)
            .values(salt=salt, hash=kept)
        )
        number += 1
        subject = f"{_PREFIX[row['kind']]}-{row['entry_number']}@{row['number']}"
        details = {"entry": row["entry_id"], "revision": row["number"], "content": kept}
        act = [team, number, "opslore", "hashed", subject, details, moment]
        before = _sha256(before + _json(act))
        names = ("team_id", "number", "actor", "action", "subject", "details")
        values = dict(zip(names, act[:-1], strict=True)) | {"at": row["at"], "hash": before}
        connection.execute(sa.insert(_AUDIT).values(values))
    return number, before


def _end(connection: sa.Connection, team: str) -> tuple[int, str]:
    """Return the number and the hash of the last act of a workspace."""
    query = sa.select(_AUDIT.c.number, _AUDIT.c.hash).where(_AUDIT.c.team_id == team)
    last = connection.execute(query.order_by(_AUDIT.c.number.desc()).limit(1)).first()
    return (0, "0" * 64) if last is None else (last[0], last[1])


def _json(values: list[Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
