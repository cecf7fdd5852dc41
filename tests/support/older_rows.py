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
