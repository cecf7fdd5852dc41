"""The store: transactions, group commits, and queries across workspaces."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Final, Self, TypeVar, cast

from sqlalchemy import Connection, Engine, inspect, text
from sqlmodel import Session, col, select

from bot.domain.entries import TeamId
from bot.domain.messages import IncomingMessage
from bot.domain.outbox import OutboxItem
from bot.domain.timeouts import Timeouts
from storage import outbox_claims, workspaces
from storage.audit import chain, recording
from storage.audit.recording import RecordingSession
from storage.batch_sizes import BATCH_SIZES, BatchSizes
from storage.checkpoints import Checkpoints
from storage.engine import BEGIN, WAIT_MS, make_engine
from storage.errors import AWAY, BUSY, report_outages, unavailable
from storage.fair_lock import FairLock
from storage.group_commit import GroupCommit, Job
from storage.known_counts import KNOWN_COUNTS, KnownCounts
from storage.messages import claim_messages
from storage.outbox_claims import Backlog
from storage.search.index_merge import merge_index
from storage.tables.workspaces import WorkspaceRow
from storage.transaction import Transaction

__all__ = ["Store", "Transaction"]

T = TypeVar("T")

# Every query reads its rows from the database again, because statements that bypass the session may
# have changed them.
_FRESH: Final = {"populate_existing": True}

# In milliseconds: a writer who waited less than this in the queue gets the full lock wait, and no
# writer waits less than this for the database's lock.
_SOON_MS: Final = 100
_CLOSED: Final = "Opslore is stopping. Nothing was saved. Try again in a moment."


class Store:
    """A database. Threads share it, and each transaction belongs to one thread."""

    def __init__(
        self,
        engine: Engine,
        *,
        timeouts: Timeouts = Timeouts(),
        batch_sizes: BatchSizes = BatchSizes(),
    ) -> None:
        self.engine = engine
        self._timeouts = timeouts
        # Sessions have it too, because queries get a session and not its store.
        self._info: dict[str, object] = {BATCH_SIZES: batch_sizes, KNOWN_COUNTS: KnownCounts()}
        self.dialect = engine.dialect.name
        sqlite = self.dialect == "sqlite"
        self._writing = engine.execution_options(**({BEGIN: "BEGIN IMMEDIATE"} if sqlite else {}))
        self._reading = (
            engine
            if sqlite
            else engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        )
        # SQLite allows one writer at a time. A queue here is fairer and cheaper than its polling.
        self._write_lock = FairLock() if sqlite else None
        self._checkpoints = Checkpoints(self._copy_log)
        # A second checkpoint at the same time would do nothing.
        self._checkpointing = threading.Lock()
        self._known: set[TeamId] = set()
        self._lock = threading.Lock()
        self._users = 0
        self._closed = False
        self._group = GroupCommit(self._begin_urgently, self._run)

    @classmethod
    def open(cls, url: str, timeouts: Timeouts = Timeouts()) -> Self:
        """Return the store at a database URL. This reads nothing, but it creates a SQLite file.

        Raises:
            UnavailableError: the folder or file can't be created.
        """
        try:
            return cls(make_engine(url, timeouts), timeouts=timeouts)
        except OSError as error:
            raise unavailable(
                "away",
                f"Opslore can't open its database: {error.strerror}. Check DATABASE_URL.",
            ) from error

    def close(self) -> None:
        """Refuse new work, and close all connections once the work in progress has ended.

        A thread that is at work may be about to open a connection. If the pool were emptied before
        that connection came back, it would stay open.
        """
        with self._lock:
            self._closed = True
            idle = not self._users
        if idle:
            self.engine.dispose()

    def schema_revision(self) -> str | None:
        """Return the migration that the tables are at; None if there are no tables."""
        with self._in_use(), report_outages(), self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return None if version is None else str(version)

    @contextmanager
    def transaction(self, team: TeamId) -> Iterator[Transaction]:
        """Open a transaction: commit at the end of the block, roll back on an error in it.

        Raises:
            UnavailableError: the database is locked, full, read-only or away.
        """
        with self._write() as session:
            yield self._transaction(session, team)
            chain.append(session, team)
        self._known.add(team)

    @contextmanager
    def read(self, team: TeamId) -> Iterator[Transaction]:
        """Open a read-only transaction that sees one state of the database throughout.

        Raises:
            UnavailableError: the database doesn't answer.
        """
        with self._read() as session:
            yield Transaction(session, team)

    def run_grouped(self, team: TeamId, work: Callable[[Transaction], T]) -> T:
        """Run `work` and return its result; commit it together with the work of other threads.

        `work` may run twice: if another job of its group fails, all are rolled back and each runs
        again alone. So it may only read and write through its transaction.

        Raises:
            UnavailableError: as `transaction`. Errors of `work` are raised as they are.
        """
        return cast("T", self._submitted(Job(team, work)))

    def claim_message(self, team: TeamId, heard: IncomingMessage) -> bool:
        """Claim a message and return whether it was new.

        All messages that wait are claimed in one statement.

        Raises:
            UnavailableError: as `transaction`.
        """
        return cast("bool", self._submitted(Job(team, heard)))

    @property
    def waiting(self) -> int:
        """How many jobs wait for a group commit."""
        return self._group.waiting

    def scrub(self) -> None:
        """Remove deleted text from a SQLite file: from its search index, free pages and log.

        PostgreSQL does this itself when it vacuums. While another thread reads, the log can't be
        emptied; the next checkpoint does it.

        Raises:
            UnavailableError: as `transaction`.
        """
        if self.dialect != "sqlite":
            return
        merge_index(self._begin)
        self._checkpoint("TRUNCATE")

    def teams(self) -> list[TeamId]:
        """Return all workspaces, sorted by id."""
        with self._read() as session:
            statement = select(WorkspaceRow.team_id).order_by(col(WorkspaceRow.team_id))
            return [TeamId(team) for team in session.exec(statement)]

    def claim_items(
        self, now: datetime, limit: int, *, team: TeamId | None = None
    ) -> list[OutboxItem]:
        """Claim the outbox items that are due, the longest due first. No one else gets them.

        `team`: claim from this workspace only, because a bot has the token of one; None is all.

        Each item has its `attempts` and `attempted_at` from before the claim. An item with an
        `attempted_at` may already have arrived in Slack. A claim ends after its lease. If its
        sender reports later and another has claimed the item since then, the report changes
        nothing.
        """
        with self._write() as session:
            return outbox_claims.claim(session, now, limit, timeouts=self._timeouts, team=team)

    def outbox_backlog(self) -> Backlog:
        """Return how many outbox items wait in all workspaces, and since when."""
        with self._read() as session:
            return outbox_claims.backlog(session)

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with (
            self._in_use(),
            report_outages(),
            _session(self._reading, self._info) as session,
        ):
            yield session

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with (
            self._in_use(),
            self._hold_write_lock() as engine,
            report_outages(),
            _recording(engine, self._info) as session,
        ):
            yield session
            session.commit()

    def _copy_log(self) -> None:
        # Passive: it waits for no one, and no one waits for it.
        self._checkpoint("PASSIVE")

    def _checkpoint(self, mode: str) -> None:
        with (
            self._in_use(),
            self._checkpointing,
            report_outages(),
            self.engine.connect() as connection,
        ):
            # A checkpoint has to run outside a transaction.
            raw = connection.connection.driver_connection
            assert raw is not None
            try:
                raw.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
            except sqlite3.Error as error:
                # SQLAlchemy doesn't see the errors of its driver here.
                raise unavailable("away", AWAY) from error

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise unavailable("closed", _CLOSED)
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                last = self._closed and not self._users
            if last:
                self.engine.dispose()

    def _transaction(self, session: Session, team: TeamId) -> Transaction:
        if team not in self._known and workspaces.add_workspace(session.connection(), team):
            recording.note_unread(session, WorkspaceRow, team)
        return Transaction(session, team)

    @contextmanager
    def _hold_write_lock(self, *, urgent: bool = False) -> Iterator[Engine]:
        """Wait in the queue of writers, and yield an engine that waits for the rest of the time."""
        if self._write_lock is None:
            yield self._writing
            return
        with ExitStack() as stack:
            try:
                lock = self._write_lock.hold(self._timeouts.lock_seconds, urgent=urgent)
                seconds_left = stack.enter_context(lock)
            except TimeoutError as error:
                raise unavailable("locked", BUSY) from error
            yield self._engine_waiting(round(1000 * seconds_left))
        self._checkpoints.count()

    def _engine_waiting(self, milliseconds: int) -> Engine:
        """Return the engine for writing, set to wait this long for the database's lock."""
        if milliseconds > round(1000 * self._timeouts.lock_seconds) - _SOON_MS:
            return self._writing
        return self._writing.execution_options(**{WAIT_MS: max(milliseconds, _SOON_MS)})

    @contextmanager
    def _begin(self, *, urgent: bool = False) -> Iterator[Connection]:
        """Do as `_write`, but without a session, which costs as much as claiming a few messages."""
        with (
            self._in_use(),
            self._hold_write_lock(urgent=urgent) as engine,
            report_outages(),
            engine.begin() as connection,
        ):
            yield connection

    def _begin_urgently(self) -> AbstractContextManager[Connection]:
        """Begin ahead of other waiting writers, because Slack waits for the answer to an event."""
        return self._begin(urgent=True)

    def _run(self, connection: Connection, jobs: Sequence[Job]) -> None:
        """Run jobs of any workspaces. The messages of a workspace are claimed together."""
        for team in sorted({job.team for job in jobs}):
            is_new = team not in self._known and workspaces.add_workspace(connection, team)
            own = [job for job in jobs if job.team == team]
            heard = [(job, job.work) for job in own if isinstance(job.work, IncomingMessage)]
            if heard:
                new = claim_messages(connection, team, [work for _, work in heard])
                for (job, _), result in zip(heard, new, strict=True):
                    job.result = result
            if is_new or len(heard) < len(own):
                self._run_work(connection, team, own, is_new=is_new)

    def _run_work(
        self, connection: Connection, team: TeamId, jobs: Sequence[Job], *, is_new: bool
    ) -> None:
        """Run the jobs of one workspace that aren't messages."""
        with _recording(connection, self._info) as session:
            if is_new:
                recording.note_unread(session, WorkspaceRow, team)
            for job in jobs:
                if not isinstance(job.work, IncomingMessage):
                    job.result = job.work(Transaction(session, job.team))
            chain.append(session, team)
            session.commit()

    def _submitted(self, job: Job) -> object:
        self._group.submit(job)
        if job.error is not None:
            raise job.error
        self._known.add(job.team)
        return job.result


def _session(bind: Engine, info: dict[str, object]) -> Session:
    return Session(bind, expire_on_commit=False, execution_options=_FRESH, info=info)


def _recording(bind: Engine | Connection, info: dict[str, object]) -> Session:
    return RecordingSession(bind, expire_on_commit=False, execution_options=_FRESH, info=info)
