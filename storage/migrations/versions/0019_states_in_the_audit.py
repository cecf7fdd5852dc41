"""Record the state of each row that people rely on in the audit."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from storage.migrations.stating import state_rows

revision = "0019"
down_revision = "0018"

_SALTED: Final = ("entries", "evidence", "observations", "requests")
# The key of each table, and its other columns with their types. The question mark means that the
# column may be NULL. Older acts already have the content, landings and approvals of revisions.
_STATED: Final = {
    "workspaces": (
        "",
        (
            "person_budget:int channel_budget:int review_days:int holidays:json backup_after:int"
            " review:flag approvals:int self_approval:flag"
        ),
    ),
    "counters": ("kind", "last:int"),
    "channels": (
        "id",
        (
            "private:flag joined:flag watched:flag muted:flag archived:flag shared:flag"
            " deleted:flag digest_weekday:int digest_at:str digest_timezone:str"
        ),
    ),
    "entries": (
        "id",
        (
            "kind:str number:int state:str home:str revision:int title:words owner:str"
            " backup:str review_days:int thin:flag created_at:time changed_at:time due_at:time"
            " flagged_at:time? snoozed_until:time? certified_at:time? certified_by:str?"
            " thread_ts:str? superseded_by:str"
        ),
    ),
    "proposals": (
        "id",
        (
            "entry_id:int revision:int base:int author:str state:str opened_at:time"
            " changed_at:time decided_by:str? owner:str"
        ),
    ),
    "requests": (
        "proposal_id number",
        "entry_id:int by:str comment:words at:time answer:int?",
    ),
    "reviews": (
        "id",
        "entry_id:int revision:int verdict:str by:str at:time due_at:time asked:str?",
    ),
    "due_reasons": (
        "entry_id cause about",
        "at:time settled_at:time? left:flag",
    ),
    "evidence": (
        "entry_id channel ts",
        "permalink:str author:str excerpt:words state:str",
    ),
    "links": ("entry_id field", "to_kind:str to_number:int"),
    "observations": (
        "id",
        ("entry_id:int revision:int outcome:str by:str at:time note:words permalink:str key:str"),
    ),
    "nudge_choices": ("user", "off:flag until:time?"),
    "paths": ("id", "state:str entry_id:int?"),
}


def upgrade() -> None:
    """Add the columns that states need, and record each row of each workspace as it is now."""
    op.add_column("audit", sa.Column("states", sa.JSON(), nullable=False, server_default="{}"))
    op.drop_column("revisions", "hash")
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    guess = "lower(hex(randomblob(16)))" if sqlite else "replace(gen_random_uuid()::text, '-', '')"
    for table in _SALTED:
        op.add_column(table, sa.Column("salt", sa.String(), nullable=False, server_default=""))
        op.execute(sa.text(f"UPDATE {table} SET salt = {guess}"))  # noqa: S608 - our own names
    state_rows(connection, _STATED)
