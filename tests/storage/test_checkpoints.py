"""SQLite's log is copied into its file in a thread, after so many transactions."""

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.domain.entries import TeamId
from bot.domain.errors import UnavailableError
from storage.checkpoints import Checkpoints
from storage.migrate import upgrade
from storage.store import Store

EVERY = 100


def wait_for_copy() -> None:
    for thread in threading.enumerate():
        if thread.name == "checkpoint":
            thread.join(60)


def tables_in_file(path: Path) -> int:
    """Return how many tables the database file has without its log."""
    alone = shutil.copy(path, path.with_suffix(".alone"))
    with closing(sqlite3.connect(alone)) as connection:
        [count] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return int(count)


def test_the_log_is_in_the_file_after_a_hundred_transactions(tmp_path: Path) -> None:
    path = tmp_path / "lore.db"
    upgrade(f"sqlite:///{path}")
    store = Store.open(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as other:
        # SQLite copies its log as the last connection closes; this one stays open.
        before = tables_in_file(path)
        other.execute("CREATE TABLE new (id)")
        for number in range(EVERY):
            assert tables_in_file(path) == before
            with store.transaction(TeamId(f"T{number}")):
                pass
        wait_for_copy()
        assert tables_in_file(path) == before + 1
    store.close()


def test_one_copy_runs_at_a_time() -> None:
    begun, end = threading.Semaphore(0), threading.Event()

    def copy() -> None:
        begun.release()
        assert end.wait(60)

    checkpoints = Checkpoints(copy)
    for _ in range(3 * EVERY):
        checkpoints.count()
    assert begun.acquire(timeout=60)
    assert not begun.acquire(blocking=False)
    end.set()
    wait_for_copy()
    checkpoints.count()
    assert begun.acquire(timeout=60)
    wait_for_copy()


def test_a_copy_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise UnavailableError("The disk is full.") from OSError("no space")

    checkpoints = Checkpoints(fail)
    for _ in range(EVERY):
        checkpoints.count()
    wait_for_copy()
    [record] = caplog.records
    assert (record.message, vars(record)["why"]) == ("log_not_copied", "OSError")


def test_an_error_of_the_driver_becomes_an_outage(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'lore.db'}")

    @event.listens_for(store.engine, "checkout")
    def interrupt(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(lambda: 1, 1)

    with pytest.raises(UnavailableError, match="isn't answering"):
        store._copy_log()  # noqa: SLF001 - the thread that does it has no caller
    store.close()
