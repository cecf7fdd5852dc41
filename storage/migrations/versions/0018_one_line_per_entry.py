"""Rename the digest's sections and figures, and index the uses of an entry by time."""

import json
import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_NEW_NAMES = {"undocumented": "gaps", "thin": "incomplete"}
_PERMALINK = re.compile(r"/archives/([^/]+)/p")


def upgrade() -> None:
    """Use the screen's names for sections and figures, and give older links their channel."""
    connection = op.get_bind()
    for old, new in _NEW_NAMES.items():
        connection.execute(
            sa.text("UPDATE digest_lines SET section = :new WHERE section = :old"),
            {"old": old, "new": new},
        )
    _rewrite(connection, "digest_lines", "facts", _facts)
    _rewrite(connection, "digests", "figures", _figures)
    op.drop_index("ix_observations_team_id_at_entry_id_outcome", "observations", if_exists=True)
    op.create_index(
        "ix_observations_team_id_entry_id_at_outcome",
        "observations",
        ["team_id", "entry_id", "at", "outcome"],
        if_not_exists=True,
    )


def _rewrite(
    connection: sa.Connection,
    name: str,
    column: str,
    rewrite: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    table = sa.table(name, sa.column("id", sa.BigInteger()), sa.column(column, sa.JSON()))
    for row_id, found in connection.execute(sa.select(table.c.id, table.c[column])).all():
        values = json.loads(found) if isinstance(found, str) else found
        connection.execute(
            table.update().where(table.c.id == row_id).values({column: rewrite(values)})
        )


def _figures(figures: dict[str, int]) -> dict[str, int]:
    return {_NEW_NAMES.get(name, name): count for name, count in figures.items()}


def _facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Convert a line's facts. Older lines had only a proposal's id and messages' permalinks."""
    links = [_link(url) for url in facts.get("links", ())]
    proposals = [
        {"id": facts["proposal"], "author": facts["author"], "since": facts["since"]}
        for _ in [0]
        if "proposal" in facts
    ]
    note = facts.get("note", "")
    notes = {"change_note": note if "change" in facts else "", "proposed_note": note}
    first = {"since": str(facts["first"])[:10]} if "first" in facts else {}
    return facts | {"links": links, "proposals": proposals} | notes | first


def _link(url: str) -> dict[str, str]:
    channel = _PERMALINK.search(url)
    return {"url": url, "channel": channel[1] if channel else "", "day": "", "author": ""}
