"""The first tables, and the full-text index of each database."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Utc, Words

revision = "0001"
down_revision = None

# The words are already lower case and without accents, from storage.search.spelling. Stop words are
# indexed, because the search itself drops them, in the same way on both databases.
_POSTGRESQL = (
    "CREATE TEXT SEARCH DICTIONARY opslore_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION opslore (COPY = pg_catalog.simple)",
    (
        "ALTER TEXT SEARCH CONFIGURATION opslore ALTER MAPPING FOR"
        " asciiword, word, numword, asciihword, hword, numhword WITH opslore_stem"
    ),
    (
        "ALTER TABLE documents ADD COLUMN words tsvector GENERATED ALWAYS AS ("
        " setweight(to_tsvector('opslore'::regconfig, title), 'A') ||"
        " setweight(to_tsvector('opslore'::regconfig, tags), 'B') ||"
        " setweight(to_tsvector('opslore'::regconfig, body), 'C')) STORED"
    ),
    # Each search reads the whole pending list, so it is kept short (in kB).
    (
        "CREATE INDEX ix_documents_words ON documents USING gin (words)"
        " WITH (gin_pending_list_limit = 256)"
    ),
    (
        "CREATE INDEX document_words_in_titles ON documents"
        " USING gin (to_tsvector('opslore'::regconfig, title)) WITH (gin_pending_list_limit = 256)"
    ),
    # The matches of a common word are read row by row. With long texts stored elsewhere, a page has
    # eight times as many rows. The words aren't compressed, because ranking reads thousands.
    "ALTER TABLE documents SET (toast_tuple_target = 128)",
    "ALTER TABLE documents ALTER COLUMN words SET STORAGE EXTERNAL",
)
_SQLITE = (
    (
        "CREATE VIRTUAL TABLE document_words USING fts5("
        " title, body, tags, content = 'documents', content_rowid = 'entry_id',"
        " tokenize = 'porter unicode61 remove_diacritics 2')"
    ),
    (
        "CREATE TRIGGER documents_added AFTER INSERT ON documents BEGIN"
        " INSERT INTO document_words (rowid, title, body, tags)"
        " VALUES (new.entry_id, new.title, new.body, new.tags); END"
    ),
    (
        "CREATE TRIGGER documents_changed AFTER UPDATE ON documents BEGIN"
        " INSERT INTO document_words (document_words, rowid, title, body, tags)"
        " VALUES ('delete', old.entry_id, old.title, old.body, old.tags);"
        " INSERT INTO document_words (rowid, title, body, tags)"
        " VALUES (new.entry_id, new.title, new.body, new.tags); END"
    ),
    (
        "CREATE TRIGGER documents_gone AFTER DELETE ON documents BEGIN"
        " INSERT INTO document_words (document_words, rowid, title, body, tags)"
        " VALUES ('delete', old.entry_id, old.title, old.body, old.tags); END"
    ),
)


def upgrade() -> None:
    """Create all tables. There is no downgrade; restore a backup instead."""
    _tables()
    dialect = op.get_bind().dialect.name
    for statement in _SQLITE if dialect == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def _tables() -> None:
    op.create_table(
        "audit",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "number", name="pk_audit"),
    )
    op.create_table(
        "channels",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("digest_weekday", sa.Integer(), nullable=False),
        sa.Column("digest_at", sa.String(), nullable=False),
        sa.Column("digest_timezone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "id", name="pk_channels"),
    )
    op.create_table(
        "counters",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "kind", name="pk_counters"),
    )
    op.create_table(
        "digests",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("claimed_at", Utc(), nullable=False),
        sa.Column("built_at", Utc(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint(
            "team_id", "channel", "period", name="uq_digests_team_id_channel_period"
        ),
        sa.UniqueConstraint("team_id", "id", name="uq_digests_team_id_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_digests_team_id_built_at_due_at", "digests", ["team_id", "built_at", "due_at"]
    )
    op.create_index(
        "ix_digests_team_id_channel_due_at", "digests", ["team_id", "channel", "due_at"]
    )
    op.create_table(
        "drafts",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=True),
        sa.Column("entry_id", Id(), nullable=True),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("path_id", Id(), nullable=True),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("saved", Id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_drafts_team_id_user_created_at", "drafts", ["team_id", "user", "created_at"]
    )
    op.create_table(
        "entries",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("thin", sa.Boolean(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("snoozed_until", Utc(), nullable=True),
        sa.Column("certified_at", Utc(), nullable=True),
        sa.Column("certified_by", sa.String(), nullable=True),
        sa.Column("thread_ts", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.UniqueConstraint("team_id", "id", name="uq_entries_team_id_id"),
        sa.UniqueConstraint("team_id", "kind", "number", name="uq_entries_team_id_kind_number"),
    )
    op.create_index("ix_entries_team_id_created_at", "entries", ["team_id", "created_at"])
    op.create_index(
        "ix_entries_team_id_home_changed_at", "entries", ["team_id", "home", "changed_at"]
    )
    op.create_index(
        "ix_entries_team_id_home_state_due_at", "entries", ["team_id", "home", "state", "due_at"]
    )
    op.create_index("ix_entries_team_id_owner_state", "entries", ["team_id", "owner", "state"])
    op.create_table(
        "events",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "event_id", name="pk_events"),
    )
    op.create_index("ix_events_team_id_at", "events", ["team_id", "at"])
    op.create_table(
        "messages",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=True),
        sa.Column("user", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel", "ts", name="pk_messages"),
    )
    op.create_index(
        "ix_messages_team_id_channel_act_at", "messages", ["team_id", "channel", "act", "at"]
    )
    op.create_table(
        "outbox",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=True),
        sa.Column("thread_ts", sa.String(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("about_ts", sa.String(), nullable=True),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", Utc(), nullable=True),
        sa.Column("leased_until", Utc(), nullable=True),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("team_id", "once", name="uq_outbox_team_id_once"),
    )
    op.create_index(
        "ix_outbox_team_id_channel_about_ts", "outbox", ["team_id", "channel", "about_ts"]
    )
    op.create_index(
        "ix_outbox_team_id_fate_due_at_id", "outbox", ["team_id", "fate", "due_at", "id"]
    )
    op.create_table(
        "prompts",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("path_id", Id(), nullable=True),
        sa.Column("entry_id", Id(), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_prompts"),
        sa.UniqueConstraint(
            "team_id", "channel", "thread_ts", name="uq_prompts_team_id_channel_thread_ts"
        ),
    )
    op.create_index("ix_prompts_team_id_at", "prompts", ["team_id", "at"])
    op.create_index("ix_prompts_team_id_channel_at", "prompts", ["team_id", "channel", "at"])
    op.create_index("ix_prompts_team_id_user_at", "prompts", ["team_id", "user", "at"])
    op.create_table(
        "term_grams",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("gram", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "gram", "term", name="pk_term_grams"),
    )
    op.create_table(
        "terms",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "term", name="pk_terms"),
    )
    op.create_table(
        "workspaces",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("person_budget", sa.Integer(), nullable=False),
        sa.Column("channel_budget", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_workspaces"),
    )
    op.create_table(
        "digest_lines",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("digest_id", Id(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entry_id", Id(), nullable=True),
        sa.Column("path_id", Id(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("handled_by", sa.String(), nullable=True),
        sa.Column("handled_at", Utc(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "digest_id"],
            ["digests.team_id", "digests.id"],
            name="fk_digest_lines_team_id_digest_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_digest_lines"),
        sa.UniqueConstraint(
            "team_id",
            "digest_id",
            "section",
            "position",
            name="uq_digest_lines_team_id_digest_id_section_position",
        ),
    )
    op.create_index("ix_digest_lines_team_id_entry_id", "digest_lines", ["team_id", "entry_id"])
    op.create_index("ix_digest_lines_team_id_path_id", "digest_lines", ["team_id", "path_id"])
    op.create_table(
        "documents",
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("body", Words(), nullable=False),
        sa.Column("tags", Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_documents_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("entry_id", name="pk_documents"),
    )
    op.create_table(
        "evidence",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("permalink", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("excerpt", Words(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_evidence_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("team_id", "entry_id", "channel", "ts", name="pk_evidence"),
    )
    op.create_index("ix_evidence_team_id_channel_ts", "evidence", ["team_id", "channel", "ts"])
    op.create_table(
        "links",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("to_kind", sa.String(), nullable=False),
        sa.Column("to_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_links_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("team_id", "entry_id", "field", name="pk_links"),
    )
    op.create_index(
        "ix_links_team_id_to_kind_to_number", "links", ["team_id", "to_kind", "to_number"]
    )
    op.create_table(
        "observations",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("note", Words(), nullable=False),
        sa.Column("permalink", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_observations_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_observations"),
        sa.UniqueConstraint("team_id", "key", name="uq_observations_team_id_key"),
    )
    op.create_index(
        "ix_observations_team_id_at_entry_id_outcome",
        "observations",
        ["team_id", "at", "entry_id", "outcome"],
    )
    op.create_index(
        "ix_observations_team_id_entry_id_revision_outcome",
        "observations",
        ["team_id", "entry_id", "revision", "outcome"],
    )
    op.create_table(
        "paths",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", Utc(), nullable=False),
        sa.Column("last_at", Utc(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_paths_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_paths"),
        sa.UniqueConstraint("team_id", "id", name="uq_paths_team_id_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_paths_team_id_channel_state_last_at",
        "paths",
        ["team_id", "channel", "state", "last_at"],
    )
    op.create_table(
        "reviews",
        sa.Column("id", Id(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_reviews_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_team_id_entry_id_at", "reviews", ["team_id", "entry_id", "at"])
    op.create_table(
        "revisions",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("entry_id", Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("note", Words(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "entry_id"],
            ["entries.team_id", "entries.id"],
            name="fk_revisions_team_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("team_id", "entry_id", "number", name="pk_revisions"),
    )
    op.create_table(
        "samples",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("path_id", Id(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("permalink", sa.String(), nullable=False),
        sa.Column("excerpt", Words(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "path_id"], ["paths.team_id", "paths.id"], name="fk_samples_team_id_path_id"
        ),
        sa.PrimaryKeyConstraint("team_id", "path_id", "channel", "ts", name="pk_samples"),
    )
    op.create_index("ix_samples_team_id_channel_ts", "samples", ["team_id", "channel", "ts"])
    op.create_index("ix_samples_team_id_path_id_at", "samples", ["team_id", "path_id", "at"])
