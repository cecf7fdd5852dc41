"""Statements that fill a database of an older release."""


def older_rows(entry: int) -> list[str]:
    """Return a workspace and an entry with one revision, for migrations 0009 to 0011."""
    return [
        f"""INSERT INTO workspaces (team_id, person_budget, channel_budget, review_days, holidays,
        backup_after, review, approvals, self_approval, acts, head)
        VALUES ('T1', 2, 6, 90, '[]', 3, true, 1, false, 0, '{"0" * 64}')""",  # noqa: S608 - our own
        "INSERT INTO counters VALUES ('T1', 'decision', 1)",
        f"""INSERT INTO entries (id, team_id, kind, number, state, home, revision, title, owner,
        backup, review_days, thin, created_at, changed_at, due_at, superseded_by)
        VALUES ({entry}, 'T1', 'decision', 1, 'in_force', 'C-ops', 1, 'Roll back', 'U-ana', '',
        90, false, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000',
        '2026-04-01 00:00:00.000000', '')""",  # noqa: S608 - our own
        older_revision(entry, 1),
    ]


def older_revision(entry: int, number: int, owner: str = "U-ana") -> str:
    """Return a revision of that entry."""
    return f"""INSERT INTO revisions (team_id, entry_id, number, kind, content, author, at, note,
        change, effect, superseded_by, salt, hash)
        VALUES ('T1', {entry}, {number}, 'decision', '{{"title": "Roll back", "owner": "{owner}"}}',
        'U-ana', '2026-01-01 00:00:00.000000', '', 'edited', 'wording', '', 's', 'h')"""  # noqa: S608 - our own


# An entry with one revision, for migration 0001.
FIRST_ROWS = (
    "INSERT INTO workspaces VALUES ('T1', 2, 6, 90)",
    """INSERT INTO entries (id, team_id, kind, number, state, home, revision, title, owner,
    review_days, thin, created_at, changed_at, due_at) VALUES (7, 'T1', 'decision', 1, 'in_force',
    'C1', 1, 'Roll back', 'U1', 90, false, '2026-01-01 00:00:00.000000',
    '2026-01-01 00:00:00.000000', '2026-04-01 00:00:00.000000')""",
    """INSERT INTO revisions VALUES ('T1', 7, 1, 'decision', '{"title": "Roll back ü"}', 'U1',
    '2026-01-01 00:00:00.000000', 'ä', 'recorded')""",
)

# Rows of a channel, for migration 0020: a gap of two messages, one of which was prompted.
# `at` is the time of all of it.
HEARD_ROWS = (
    """INSERT INTO gaps (team_id, channel, act, title, terms, count, first_at, last_at, state)
    VALUES ('T1', 'C-ops', 'question', 'Disk ä', '{"disk"\\: 2}', 2, :at, :at, 'open')""",
    """INSERT INTO occurrences (team_id, gap_id, channel, ts, thread_ts, author, at, permalink,
    excerpt, terms) VALUES ('T1', 1, 'C-ops', '1.1', '1.1', 'U-ben', :at, 'https\\://x.example/1',
    'Full disk', '{"disk"\\: 1}'), ('T1', 1, 'C-ops', '2.1', '2.1', 'U-ben', :at,
    'https\\://x.example/2', 'Full disk', '{"disk"\\: 1}')""",
    """INSERT INTO prompts (team_id, channel, thread_ts, ts, "user", kind, at, gap_id, terms,
    answer, answered_by, answered_at) VALUES ('T1', 'C-ops', '1.1', '1.1', 'U-ana', 'decision',
    :at, 1, '{"disk"\\: 1}', 'recorded', 'U-ana', :at)""",
    """INSERT INTO messages (team_id, channel, ts, at, act, score, thread_ts, "user", deleted)
    VALUES ('T1', 'C-ops', '1.1', :at, 'question', 0.9, '1.1', 'U-ben', false)""",
    """INSERT INTO outbox (team_id, topic, channel, payload, due_at, created_at, attempts, fate,
    reason) VALUES ('T1', 'message', 'C-ops', '{}', :at, :at, 0, 'waiting', ''),
    ('T1', 'note', 'C-ops', '{}', :at, :at, 0, 'waiting', '')""",
)
