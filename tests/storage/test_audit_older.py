"""The audit of a database whose older acts record no rows."""

from collections.abc import Iterator
from typing import Final

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from bot.cli.audit import verify
from storage.audit.states import AUDITED_TABLES
from storage.migrate import upgrade
from storage.store import Store
from tests.support.older_rows import FIRST_ROWS
from tests.support.tampering import edits, faults, rows_of, same, tampering

OLDER_ROWS: Final = """
INSERT INTO counters VALUES ('T1', 'decision', 1);
INSERT INTO channels (team_id, id, private, joined, watched, muted, archived, digest_weekday,
digest_at, digest_timezone) VALUES ('T1', 'C-ops', true, true, true, false, false, 0, '09:00:00',
'UTC');
INSERT INTO reviews (team_id, entry_id, revision, verdict, "by", at, due_at)
VALUES ('T1', 7, 1, 'accurate', 'U-ana', '2026-01-01', '2026-04-01');
INSERT INTO due_reasons VALUES ('T1', 7, 'failed', '', '2026-01-01', NULL, false);
INSERT INTO evidence VALUES ('T1', 7, 'C-ops', '1.1', 'https://a', 'U-ben', 'Words', 'there');
INSERT INTO links VALUES ('T1', 7, 'raises', 'escalation', 1);
INSERT INTO observations (team_id, entry_id, revision, outcome, "by", at, note, permalink, key)
VALUES ('T1', 7, 1, 'failed', 'U-ben', '2026-01-01', 'Hm.', '', 'k');
INSERT INTO proposals (team_id, entry_id, revision, base, author, state, opened_at, changed_at)
VALUES ('T1', 7, 1, 1, 'U-ana', 'proposed', '2026-01-01', '2026-01-01');
INSERT INTO requests VALUES ('T1', 1, 1, 7, 'U-ben', 'Why?', '2026-01-01', NULL);
INSERT INTO nudge_choices (team_id, "user", off) VALUES ('T1', 'U-ana', true);
INSERT INTO paths (team_id, channel, act, title, terms, count, first_at, last_at, state)
VALUES ('T1', 'C', 'question', 'Disk', '{}', 1, '2026-01-01', '2026-01-01', 'dismissed');
INSERT INTO paths (team_id, channel, act, title, terms, count, first_at, last_at, state)
VALUES ('T1', 'C', 'question', 'Full', '{}', 1, '2026-01-01', '2026-01-01', 'open')
"""


@pytest.fixture
def older_store(empty_url: str) -> Iterator[Store]:
    """Return an upgraded database whose older acts record no rows."""
    upgrade(empty_url, "0001")
    store = Store.open(empty_url)
    with store.engine.begin() as connection:
        for statement in FIRST_ROWS:
            connection.execute(text(statement))
    upgrade(empty_url, "0011")
    with store.engine.begin() as connection:
        for statement in OLDER_ROWS.split(";"):
            connection.execute(text(statement))
    upgrade(empty_url)
    yield store
    store.close()


@pytest.mark.parametrize("name", sorted(set(AUDITED_TABLES) - {"approvals"}))
def test_rows_of_an_older_database_are_covered_from_the_upgrade_on(
    older_store: Store, name: str
) -> None:
    audited = AUDITED_TABLES[name]
    with older_store.engine.connect() as connection:
        row = rows_of(connection, audited.table)[0]
        assert faults(connection) == ()
    tried = set()
    for column, value in edits(audited, row):
        with tampering(older_store) as connection:
            try:
                statement = update(audited.table).where(*same(audited.table, row))
                connection.execute(statement.values({column: value}))
            except DBAPIError:
                continue
            assert name in {fault.table for fault in faults(connection)}, column
            tried.add(column)
    assert tried


def test_verify_reports_since_when_rows_are_covered(
    older_store: Store, empty_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert older_store.teams() == ["T1"]
    assert verify(empty_url, None) == 0

    since, rows, _chain = capsys.readouterr().out.splitlines()
    assert since.startswith("T1: act 2 (stated by opslore, ")
    assert since.endswith(
        "For the time before, only texts, approvals and times in force are checked."
    )
    assert "1 entries" in rows
