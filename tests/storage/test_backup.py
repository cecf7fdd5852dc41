"""A backup is a whole database of its own, taken while the bot runs."""

from pathlib import Path

import pytest

from bot.domain.errors import InvalidInputError, UnavailableError
from storage.backup import backup
from storage.migrate import needs_upgrade
from storage.store import Store
from tests.support.databases import sqlite_url
from tests.support.storage_makers import TEAM, add


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "opslore.db"
    path.write_bytes(sqlite_template.read_bytes())
    return sqlite_url(path)


def test_a_backup_contains_only_what_was_committed(url: str) -> None:
    store = Store.open(url)
    with store.transaction(TEAM) as tx:
        kept = add(tx, "Kept")
    with store.transaction(TEAM) as tx:
        add(tx, "Not yet")
        copy = backup(url)

    restored = Store.open(sqlite_url(copy))
    assert not needs_upgrade(restored)
    with restored.read(TEAM) as tx:
        assert tx.entries.by_id(kept.id) == kept
    restored.close()
    store.close()


def test_a_backup_never_overwrites_a_file(url: str, tmp_path: Path) -> None:
    first, second = backup(url), backup(url)

    assert [first.name, second.name] == ["opslore.db.backup-1", "opslore.db.backup-2"]
    assert first.stat().st_mode & 0o777 == 0o600
    with pytest.raises(InvalidInputError, match="already exists"):
        backup(url, str(tmp_path / "opslore.db"))


def test_a_refused_backup_says_why(tmp_path: Path, url: str) -> None:
    with pytest.raises(InvalidInputError, match="There is no database"):
        backup(sqlite_url(tmp_path / "none.db"))
    with pytest.raises(InvalidInputError, match="pg_dump"):
        backup("postgresql+psycopg://localhost/opslore")
    with pytest.raises(UnavailableError, match="can't be written"):
        backup(url, str(tmp_path / "no" / "folder.db"))


def test_a_failed_backup_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"This is no database. " * 100)

    with pytest.raises(UnavailableError, match="its file was removed"):
        backup(sqlite_url(tmp_path / "broken.db"))
    assert [path.name for path in tmp_path.iterdir()] == ["broken.db"]
