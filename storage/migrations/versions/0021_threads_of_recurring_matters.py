"""Keep what threads are compared by, and gaps with their answers.

Older gaps stay listed until they are too old. Their counts of words are dropped, because threads
are compared by hashes and numbers now.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc, Words

revision = "0021"
down_revision = "0020"

_NAMES: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=True, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _term() -> sa.Column[int]:
    return sa.Column("term", sa.BigInteger(), primary_key=True, nullable=False)


def _when() -> sa.Column[object]:
    return sa.Column("at", Utc(), nullable=False)


_TABLES: Final = (
    sa.Table(
        "heard_messages",
        _NAMES,
        *map(_key, ("team_id", "channel", "ts")),
        *map(_text, ("thread_ts", "user")),
        _when(),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("meaning", sa.LargeBinary(), nullable=False),
        sa.Column("excerpt", Words(), nullable=False),
        sa.Column("incident", sa.Boolean(), nullable=False),
        sa.Column("entry_id", Id(), nullable=True),
        sa.Column("coverage", sa.Float(), nullable=False),
        sa.Index(None, "team_id", "channel", "thread_ts"),
        sa.Index(None, "team_id", "at"),
    ),
    sa.Table(
        "threads",
        _NAMES,
        *map(_key, ("team_id", "channel", "thread_ts")),
        _when(),
        _text("settler"),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("gap_id", Id(), nullable=True),
        sa.Index(None, "team_id", "channel", "gap_id"),
        sa.Index(None, "team_id", "at"),
    ),
    sa.Table(
        "thread_terms",
        _NAMES,
        *map(_key, ("team_id", "channel", "thread_ts")),
        _term(),
        _when(),
        sa.Index(None, "team_id", "channel", "term", "at"),
        sa.Index(None, "team_id", "at"),
    ),
    sa.Table(
        "term_counts",
        _NAMES,
        *map(_key, ("team_id", "channel")),
        _term(),
        sa.Column("threads", sa.Integer(), nullable=False),
    ),
    sa.Table(
        "thread_links",
        _NAMES,
        *map(_key, ("team_id", "channel", "thread_ts", "other_ts")),
        sa.Column("probability", sa.Float(), nullable=False),
        _when(),
        sa.Index(None, "team_id", "at"),
    ),
)
_ADDED: Final[tuple[tuple[str, sa.Column[Any]], ...]] = (
    ("gaps", sa.Column("renamed", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("gaps", sa.Column("probability", sa.Float(), nullable=False, server_default="1")),
    ("gaps", sa.Column("answerer", sa.String(), nullable=True)),
    ("gaps", sa.Column("people", sa.Integer(), nullable=False, server_default="1")),
    ("gaps", sa.Column("days", sa.Integer(), nullable=False, server_default="1")),
    ("gaps", sa.Column("rank", sa.Integer(), nullable=False, server_default="1")),
    ("occurrences", sa.Column("answer_ts", sa.String(), nullable=True)),
    ("occurrences", sa.Column("answer", Words(), nullable=False, server_default="")),
    ("occurrences", sa.Column("answerer", sa.String(), nullable=True)),
)
_DROPPED: Final = (
    ("gaps", "terms"),
    ("occurrences", "terms"),
    ("messages", "act"),
    ("messages", "score"),
)
_UNIQUE: Final = "uq_prompts_team_id_channel_thread_ts"


def upgrade() -> None:
    """Add the tables of threads, and replace what gaps, occurrences and prompts hold."""
    connection = op.get_bind()
    for table in _TABLES:
        table.create(connection)
    for name, column in _ADDED:
        op.add_column(name, column)
    connection.execute(sa.text("UPDATE gaps SET rank = count"))
    op.drop_index("ix_messages_team_id_channel_act_at", "messages")
    for name, dropped in _DROPPED:
        connection.execute(sa.text(f"ALTER TABLE {name} DROP COLUMN {dropped}"))
    op.create_index("ix_messages_team_id_channel_at", "messages", ["team_id", "channel", "at"])
    with op.batch_alter_table("prompts") as prompts:
        prompts.drop_column("terms")
        prompts.add_column(sa.Column("reason", sa.String(), nullable=False, server_default=""))
        prompts.drop_constraint(_UNIQUE, type_="unique")
        prompts.create_unique_constraint(
            f"{_UNIQUE}_user", ["team_id", "channel", "thread_ts", "user"]
        )
    op.create_index("ix_prompts_team_id_gap_id", "prompts", ["team_id", "gap_id"])
    # Digests count the uses of many entries since a time.
    columns = ["team_id", "outcome", "at", "entry_id", "revision"]
    op.create_index(f"ix_uses_{'_'.join(columns)}", "uses", columns)
    # Older items hold what the former recognition needed. Their threads have settled.
    connection.execute(sa.text("DELETE FROM outbox WHERE topic = 'message'"))
