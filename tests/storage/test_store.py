"""Transactions, group commits, and outages reported in plain words."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import UnavailableError
from bot.domain.messages import IncomingMessage
from bot.domain.timeouts import Timeouts
from bot.domain.workspaces import Workspace
from sandbox import Driver
from storage.engine import make_engine
from storage.group_commit import GroupCommit, Job
from storage.store import Store
from storage.transaction import Transaction
from tests.support.databases import opened, sqlite_url

NOW = datetime(2026, 11, 30, 8, 0, 0, 123456, tzinfo=UTC)
TEAM, OTHER = TeamId("T1"), TeamId("T2")
OPS = ChannelId("C-ops")


def claim(ts: str) -> Callable[[Transaction], bool]:
    def work(tx: Transaction) -> bool:
        return tx.messages.claim(
            [IncomingMessage(channel=OPS, ts=ts, at=NOW, user=UserId("U1"))]
        ) == [True]

    return work


class RefusedError(Exception):
    """Raised by a job in these tests."""


def refuse(_: Transaction) -> bool:
    raise RefusedError


def test_an_error_rolls_back_the_whole_transaction(store: Store) -> None:
    def claim_and_fail() -> None:
        with store.transaction(TEAM) as tx:
            assert claim("1.1")(tx)
            raise RefusedError

    with pytest.raises(RefusedError):
        claim_and_fail()

    with store.transaction(TEAM) as tx:
        assert claim("1.1")(tx)


def test_a_workspace_is_known_after_its_first_transaction(store: Store) -> None:
    with store.read(OTHER) as tx:
        assert tx.workspace.get() == Workspace(team=OTHER)
    assert store.teams() == []

    with store.transaction(OTHER) as tx:
        tx.workspace.put(Workspace(team=OTHER, person_budget=5, review_every=timedelta(days=30)))
    with store.transaction(TEAM):
        pass

    assert store.teams() == [TEAM, OTHER]
    with store.read(OTHER) as tx:
        assert tx.workspace.get() == Workspace(
            team=OTHER, person_budget=5, review_every=timedelta(days=30)
        )


def test_a_workspace_can_be_written_after_its_first_transaction_failed(
    store: Store,
) -> None:
    with pytest.raises(RefusedError), store.transaction(TEAM):
        raise RefusedError

    with store.transaction(TEAM) as tx:
        tx.audit.add(UserId("U1"), "recorded", "DEC-1", {}, NOW)

    assert store.teams() == [TEAM]


def test_a_read_sees_one_state_of_the_database(store: Store) -> None:
    with store.read(TEAM) as tx:
        assert not tx.messages.is_deleted(OPS, "1.1")
        with store.transaction(TEAM) as other:
            other.messages.mark_deleted(OPS, "1.1", NOW)
        assert not tx.messages.is_deleted(OPS, "1.1")

    with store.read(TEAM) as tx:
        assert tx.messages.is_deleted(OPS, "1.1")


def test_the_same_message_is_claimed_once_by_two_stores(store: Store, database_url: str) -> None:
    second = Store.open(database_url)
    stamps = [f"{n % 40}.0" for n in range(120)]

    def grouped(number: int) -> bool:
        return (store, second)[number % 2].run_grouped(TEAM, claim(stamps[number]))

    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(grouped, range(120)))

    assert sum(claims) == 40
    second.close()


def test_a_single_caller_does_not_wait_for_a_group(store: Store) -> None:
    assert store.run_grouped(TEAM, claim("1.1"))
    assert not store.run_grouped(TEAM, claim("1.1"))


def test_a_job_that_arrives_while_a_batch_begins_is_in_it(store: Store) -> None:
    queued = threading.Event()
    batches = []

    @contextmanager
    def begin() -> Iterator[Connection]:
        assert queued.wait(10)
        with store.engine.begin() as connection:
            yield connection

    group = GroupCommit(begin, lambda _, jobs: batches.append(len(jobs)))
    with ThreadPoolExecutor(5) as pool:
        futures = [pool.submit(group.submit, Job(TEAM, refuse)) for _ in range(5)]
        while group.waiting < len(futures):
            threading.Event().wait(0.001)
        queued.set()
        for future in futures:
            future.result(10)

    assert batches == [5]


def test_if_no_transaction_can_begin_all_waiting_jobs_fail_at_once() -> None:
    """Otherwise each job would wait for the lock, one after the other."""
    queued = threading.Event()
    begun = []

    @contextmanager
    def begin() -> Iterator[Connection]:
        begun.append(1)
        assert queued.wait(10)
        raise UnavailableError("The database is away.")
        yield

    group = GroupCommit(begin, lambda *_: None)
    jobs = [Job(TEAM, refuse) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        futures = [pool.submit(group.submit, job) for job in jobs]
        while group.waiting < len(jobs):
            threading.Event().wait(0.001)
        queued.set()
        for future in futures:
            future.result(10)

    assert [type(job.error) for job in jobs] == [UnavailableError] * 5
    assert len(begun) == 1


def test_an_error_in_a_group_reaches_only_its_own_caller(store: Store) -> None:
    """The first job waits until all others are queued, so that they form one batch."""
    begun, queued = threading.Event(), threading.Event()

    def first(tx: Transaction) -> bool:
        begun.set()
        assert queued.wait(10)
        return claim("first")(tx)

    works = [refuse if n % 5 == 0 else claim(f"{n}.0") for n in range(20)]
    with ThreadPoolExecutor(21) as pool:
        leader = pool.submit(store.run_grouped, TEAM, first)
        assert begun.wait(10)
        followers = [pool.submit(store.run_grouped, TEAM, work) for work in works]
        while store.waiting < len(works):
            threading.Event().wait(0.001)
        queued.set()
        assert leader.result(10)
        errors = [follower.exception(10) for follower in followers]

    assert [type(error) for error in errors[::5]] == [RefusedError] * 4
    assert [error for n, error in enumerate(errors) if n % 5] == [None] * 16
    with store.transaction(TEAM) as tx:
        assert not any(claim(f"{n}.0")(tx) for n in range(20) if n % 5)


def test_a_group_keeps_the_jobs_of_different_workspaces_apart(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        futures = [
            pool.submit(store.run_grouped, team, claim("1.1"))
            for team in (TEAM, OTHER)
            for _ in "abcd"
        ]
        assert sum(future.result() for future in futures) == 2

    assert store.teams() == [TEAM, OTHER]


def test_a_thread_at_work_while_the_store_closes_leaves_no_connection_open(
    database_url: str,
) -> None:
    engine = make_engine(database_url)
    begun = threading.Event()
    made: list[DBAPIConnection] = []
    event.listen(engine, "connect", lambda connection, _record: made.append(connection))

    def refused() -> bool:
        try:
            store.teams()
        except UnavailableError:
            return True
        return False

    def read() -> bool:
        with store.read(TEAM) as tx:
            assert tx.workspace.get() == Workspace(team=TEAM)
            begun.set()
            return Driver.until(refused)

    with ThreadPoolExecutor(1) as pool:
        with opened(engine) as store:
            reading = pool.submit(read)
            assert begun.wait(30)
        assert reading.result()

    assert made
    for connection in made:
        with pytest.raises(Exception, match="closed"):
            connection.cursor().execute("SELECT 1")


def test_a_thread_that_connects_while_the_store_closes_leaves_no_connection_open(
    database_url: str,
) -> None:
    engine = make_engine(database_url)
    begun, closed = threading.Event(), threading.Event()
    made: list[DBAPIConnection] = []
    event.listen(engine, "connect", lambda connection, _record: made.append(connection))

    def connecting(*_: object) -> None:
        begun.set()
        assert closed.wait(30)

    event.listen(engine, "do_connect", connecting)
    store = Store(engine)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(store.teams)
        assert begun.wait(30)
        store.close()
        closed.set()
        assert reading.result() == []

    assert made
    for connection in made:
        with pytest.raises(Exception, match="closed"):
            connection.cursor().execute("SELECT 1")
    with pytest.raises(UnavailableError, match="is stopping"):
        store.teams()


def test_a_locked_sqlite_file_is_reported_as_busy(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store.open(sqlite_url(path), Timeouts(lock_seconds=0.05))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(UnavailableError, match="is busy"), store.transaction(TEAM):
        pass
    with store.read(TEAM) as tx:
        assert tx.workspace.get() == Workspace(team=TEAM)

    holder.execute("ROLLBACK")
    holder.close()
    with store.transaction(TEAM) as tx:
        assert claim("1.1")(tx)
    store.close()


def test_time_spent_in_the_queue_is_taken_off_the_wait_for_the_lock(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack waits for 3 seconds, and the queue and the lock together get two of them."""
    timeouts = Timeouts(lock_seconds=2)
    url = sqlite_url(Path(shutil.copy(sqlite_template, tmp_path / "own.db")))
    engine = make_engine(url, timeouts)
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    with opened(engine, timeouts) as store:
        moments = iter((10.0, 11.5, 20.0, 20.0))
        monkeypatch.setattr("storage.fair_lock.time", SimpleNamespace(monotonic=moments.__next__))
        for _ in range(2):
            with store.transaction(TEAM) as tx:
                tx.workspace.get()

    settings = ["BEGIN IMMEDIATE", "PRAGMA busy_timeout = 500", "PRAGMA busy_timeout = 2000"]
    assert [each for each in sent if each in settings] == [
        "PRAGMA busy_timeout = 500",
        "BEGIN IMMEDIATE",
        "PRAGMA busy_timeout = 2000",
        "BEGIN IMMEDIATE",
    ]


def test_all_connections_of_a_sqlite_file_share_one_memory_limit(sqlite_template: Path) -> None:
    """With 64 MiB for each of 40 connections, the caches took 1 GB at 300,000 entries."""
    mib = 1024 * 1024
    with (
        opened(make_engine(sqlite_url(sqlite_template))) as store,
        store.engine.connect() as first,
        store.engine.connect() as second,
    ):
        for connection in (first, second):
            for pragma, value in (("soft_heap_limit", 64 * mib), ("mmap_size", 0)):
                assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_new_sqlite_file_waits_for_another_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself doesn't wait here: it refuses to turn on WAL at once."""
    path = tmp_path / "new.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            holder.execute("ROLLBACK")

    monkeypatch.setattr("storage.engine.time.sleep", pause)
    store = Store.open(sqlite_url(path))

    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    assert len(pauses) == 3
    store.close()
    holder.close()


def test_a_new_sqlite_file_that_stays_locked_is_reported_as_busy(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    store = Store.open(sqlite_url(path), Timeouts(lock_seconds=0.05))

    with pytest.raises(UnavailableError, match="is busy"):
        store.schema_revision()

    holder.close()
    assert store.schema_revision() is None
    store.close()


def test_a_read_only_sqlite_file_is_reported_as_read_only(
    sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "kept.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store.open(f"sqlite:///file:{path}?mode=ro&uri=true")

    with pytest.raises(UnavailableError, match="read-only"), store.transaction(TEAM):
        pass
    store.close()


def test_a_full_disk_is_reported_as_full(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "full.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store.open(sqlite_url(path))

    def fill() -> None:
        with store.transaction(TEAM) as tx:
            pages = tx.session.connection().execute(text("PRAGMA page_count")).scalar()
            tx.session.connection().execute(text(f"PRAGMA max_page_count = {pages}"))
            for n in range(2000):
                claim(f"{n}.0")(tx)

    with pytest.raises(UnavailableError, match="disk is full"):
        fill()
    store.close()


def test_a_server_that_is_away_is_reported_as_away() -> None:
    store = Store.open("postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    with pytest.raises(UnavailableError, match="isn't answering"), store.transaction(TEAM):
        pass
    store.close()


def test_only_its_user_can_read_a_new_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "state" / "opslore.db"
    store = Store.open(sqlite_url(path))

    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    store.close()
