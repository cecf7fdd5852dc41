"""Rename tables and columns to the words of the glossary (docs/glossary.md).

paths → gaps, samples → occurrences, reviews → verdicts, observations → uses, drafts → form_drafts.
The audit keeps the names that its older acts use.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc, Words

revision = "0020"
down_revision = "0019"

_NAMES: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
sa.Table("entries", _NAMES, sa.Column("team_id", sa.String()), sa.Column("id", Id()))


def _text(name: str, *, key: bool = False, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=key, nullable=null)


def _id(name: str = "id", *, key: bool = False, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, Id(), primary_key=key, nullable=null)


def _when(name: str) -> sa.Column[object]:
    return sa.Column(name, Utc(), nullable=False)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _salt() -> sa.Column[str]:
    return sa.Column("salt", sa.String(), nullable=False, server_default="")


def _of_entry() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"])


# Each table with the name of its older one. They are in an order in which each foreign key refers
# to a table that exists.
_TABLES: Final = (
    (
        "paths",
        sa.Table(
            "gaps",
            _NAMES,
            _id(key=True),
            *map(_text, ("team_id", "channel", "act")),
            sa.Column("title", Words(), nullable=False),
            sa.Column("terms", sa.JSON(), nullable=False),
            _number("count"),
            *map(_when, ("first_at", "last_at")),
            _text("state"),
            _id("entry_id", null=True),
            _of_entry(),
            sa.UniqueConstraint("team_id", "id"),
            sa.Index(None, "team_id", "channel", "state", "last_at"),
            sa.Index(None, "team_id", "state", "last_at"),
            sqlite_autoincrement=True,
        ),
    ),
    (
        "samples",
        sa.Table(
            "occurrences",
            _NAMES,
            _text("team_id", key=True),
            _id("gap_id", key=True),
            *(_text(name, key=True) for name in ("channel", "ts")),
            *map(_text, ("thread_ts", "author")),
            _when("at"),
            _text("permalink"),
            sa.Column("excerpt", Words(), nullable=False),
            sa.Column("terms", sa.JSON(), nullable=False),
            sa.ForeignKeyConstraint(["team_id", "gap_id"], ["gaps.team_id", "gaps.id"]),
            sa.Index(None, "team_id", "channel", "ts"),
            sa.Index(None, "team_id", "gap_id", "at"),
        ),
    ),
    (
        "reviews",
        sa.Table(
            "verdicts",
            _NAMES,
            _id(key=True),
            _text("team_id"),
            _id("entry_id"),
            _number("revision"),
            *map(_text, ("verdict", "by")),
            *map(_when, ("at", "due_at")),
            _text("asked", null=True),
            _of_entry(),
            sa.Index(None, "team_id", "entry_id", "at"),
            sa.Index(None, "team_id", "by", "at"),
            sa.Index(None, "team_id", "asked"),
        ),
    ),
    (
        "observations",
        sa.Table(
            "uses",
            _NAMES,
            _id(key=True),
            _text("team_id"),
            _id("entry_id"),
            _number("revision"),
            *map(_text, ("outcome", "by")),
            _when("at"),
            sa.Column("note", Words(), nullable=False),
            *map(_text, ("permalink", "key")),
            _salt(),
            _of_entry(),
            sa.UniqueConstraint("team_id", "key"),
            sa.Index(None, "team_id", "entry_id", "revision", "outcome"),
            sa.Index(None, "team_id", "entry_id", "at", "outcome"),
        ),
    ),
    (
        "drafts",
        sa.Table(
            "form_drafts",
            _NAMES,
            _id(key=True),
            *map(_text, ("team_id", "user", "kind", "channel")),
            _when("created_at"),
            _text("thread_ts", null=True),
            _id("entry_id", null=True),
            _number("base", null=True),
            *(_id(name, null=True) for name in ("proposal_id", "gap_id")),
            *(sa.Column(name, sa.JSON(), nullable=False) for name in ("form", "evidence")),
            sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.false()),
            _id("saved", null=True),
            sa.Index(None, "team_id", "user", "created_at"),
            sa.Index(None, "team_id", "created_at"),
            sqlite_autoincrement=True,
        ),
    ),
)
_COLUMNS: Final = (
    ("prompts", "path_id", "gap_id"),
    ("digest_lines", "path_id", "gap_id"),
    ("workspaces", "review", "needs_approval"),
    ("due_reasons", "cause", "kind"),
)


def upgrade() -> None:
    """Move the rows to tables of the new names, and rename single columns."""
    connection = op.get_bind()
    for old, table in _TABLES:
        table.create(connection)
        _copy(connection, old, table)
    for old, _ in reversed(_TABLES):
        op.drop_table(old)
    op.drop_index("ix_digest_lines_team_id_path_id", "digest_lines")
    for name, old, new in _COLUMNS:
        connection.execute(sa.text(f"ALTER TABLE {name} RENAME COLUMN {old} TO {new}"))
    op.create_index("ix_digest_lines_team_id_gap_id", "digest_lines", ["team_id", "gap_id"])
    connection.execute(sa.text("UPDATE outbox SET fate = 'sent' WHERE fate = 'told'"))


def _copy(connection: sa.Connection, old: str, table: sa.Table) -> None:
    """Copy the rows, and continue after the last id that was ever used."""
    into = ", ".join(f'"{column.name}"' for column in table.columns)
    values = into.replace('"gap_id"', '"path_id"')
    connection.execute(sa.text(f"INSERT INTO {table.name} ({into}) SELECT {values} FROM {old}"))  # noqa: S608 - our own names
    if connection.dialect.name == "postgresql" and "id" in table.columns:
        counted = f"(SELECT last_value FROM {old}_id_seq), (SELECT is_called FROM {old}_id_seq)"  # noqa: S608 - as above
        connection.execute(sa.text(f"SELECT setval('{table.name}_id_seq', {counted})"))
    elif table.dialect_options["sqlite"]["autoincrement"] and connection.dialect.name == "sqlite":
        last = "SELECT max(seq) FROM sqlite_sequence WHERE name ="
        connection.execute(sa.text(f"DELETE FROM sqlite_sequence WHERE name = '{table.name}'"))  # noqa: S608 - as above
        connection.execute(
            sa.text(
                "INSERT INTO sqlite_sequence (name, seq)"
                f" SELECT '{table.name}', coalesce(({last} '{old}'), 0)"
            )
        )
