"""Make entries due whose certification lapsed, and note the revision with which it lapsed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc

revision = "0014"
down_revision = "0013"

_ENTRIES = sa.table(
    "entries",
    sa.column("id", Id()),
    sa.column("team_id", sa.String()),
    sa.column("kind", sa.String()),
    sa.column("number", sa.Integer()),
    sa.column("certified_at", Utc()),
    sa.column("flagged_at", Utc()),
)
_REVIEWS = sa.table(
    "reviews",
    sa.column("team_id", sa.String()),
    sa.column("entry_id", Id()),
    sa.column("revision", sa.Integer()),
    sa.column("verdict", sa.String()),
)
_REVISIONS = sa.table(
    "revisions",
    sa.column("team_id", sa.String()),
    sa.column("entry_id", Id()),
    sa.column("number", sa.Integer()),
    sa.column("effect", sa.String()),
)
_LANDINGS = sa.table(
    "landings",
    sa.column("team_id", sa.String()),
    sa.column("entry_id", Id()),
    sa.column("revision", sa.Integer()),
    sa.column("at", Utc()),
)
_REASONS = sa.table(
    "due_reasons",
    sa.column("team_id", sa.String()),
    sa.column("entry_id", Id()),
    sa.column("cause", sa.String()),
    sa.column("about", sa.String()),
    sa.column("at", Utc()),
    sa.column("settled_at", Utc()),
    sa.column("left", sa.Boolean()),
)
_PREFIXES = {"decision": "DEC", "handoff": "HND", "escalation": "ESC"}


def upgrade() -> None:
    """Add a due reason to each entry that was certified once and isn't now."""
    bind = op.get_bind()
    for row in bind.execute(_lapsed()).all():
        reason = {
            "team_id": row.team_id,
            "entry_id": row.id,
            "cause": "lapsed",
            "about": f"{_PREFIXES[row.kind]}-{row.number}@{row.revision}",
            "at": row.at,
            "settled_at": None,
            "left": False,
        }
        bind.execute(_REASONS.insert().values(**reason))
        bind.execute(
            _ENTRIES.update()
            .where(_ENTRIES.c.team_id == row.team_id, _ENTRIES.c.id == row.id)
            .where(sa.or_(_ENTRIES.c.flagged_at.is_(None), _ENTRIES.c.flagged_at > row.at))
            .values(flagged_at=row.at)
        )


def _lapsed() -> sa.Select[Any]:
    """Select the entries with the first changed rule since the last certified revision."""
    certified = (
        sa.select(
            _REVIEWS.c.team_id,
            _REVIEWS.c.entry_id,
            sa.func.max(_REVIEWS.c.revision).label("revision"),
        )
        .where(_REVIEWS.c.verdict == "accurate")
        .group_by(_REVIEWS.c.team_id, _REVIEWS.c.entry_id)
        .subquery()
    )
    since = (
        sa.select(
            _REVISIONS.c.team_id,
            _REVISIONS.c.entry_id,
            sa.func.min(_REVISIONS.c.number).label("revision"),
        )
        .join(certified, _same(_REVISIONS, certified))
        .join(_LANDINGS, _same(_REVISIONS, _LANDINGS))
        .where(
            _LANDINGS.c.revision == _REVISIONS.c.number,
            _REVISIONS.c.number > certified.c.revision,
            _REVISIONS.c.effect == "rule",
        )
        .group_by(_REVISIONS.c.team_id, _REVISIONS.c.entry_id)
        .subquery()
    )
    return (
        sa.select(_ENTRIES, since.c.revision, _LANDINGS.c.at)
        .join(
            since,
            sa.and_(since.c.team_id == _ENTRIES.c.team_id, since.c.entry_id == _ENTRIES.c.id),
        )
        .join(_LANDINGS, _same(since, _LANDINGS))
        .where(_LANDINGS.c.revision == since.c.revision, _ENTRIES.c.certified_at.is_(None))
    )


def _same(one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(one.c.team_id == other.c.team_id, one.c.entry_id == other.c.entry_id)
