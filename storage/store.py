"""The one way to the database: transactions, group commit and what spans workspaces."""

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
from storage.engine import BEGIN, WAIT_MS, make_engine
from storage.errors import BUSY, report_outages, unavailable
from storage.fair_lock import FairLock
from storage.group_commit import GroupCommit, Job
from storage.messages import take_in
from storage.outbox_claims import Backlog
from storage.search.index_merge import merge_index
from storage.tables.workspaces import WorkspaceRow
from storage.transaction import Transaction

__all__ = ["Store", "Transaction"]

T = TypeVar("T")

# A row is read anew by every query: statements beside the session may have changed it.
_FRESH: Final = {"populate_existing": True}

# Whoever got a turn this soon waits for the database's lock as long as anybody, and in any case so
# long: both in milliseconds.
_SOON_MS: Final = 100
_CLOSED: Final = "Opslore is stopping. Nothing was saved. Try again in a moment."


class Store:
    """A database. Threads share a store; each transaction belongs to one thread."""

    def __init__(
        self,
        engine: Engine,
        *,
        timeouts: Timeouts = Timeouts(),
        batch_sizes: BatchSizes = BatchSizes(),
    ) -> None:
        self.engine = engine
        self._timeouts = timeouts
        self._batch_sizes = batch_sizes
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
        # SQLite lets one writer in; queueing here is fairer and cheaper than its polling.
        self._turns = FairLock() if sqlite else None
        self._known: set[TeamId] = set()
        self._lock = threading.Lock()
        self._users = 0
        self._closed = False
        self._group = GroupCommit(self._begin_urgently, self._run)

    @classmethod
    def open(cls, url: str, timeouts: Timeouts = Timeouts()) -> Self:
        """The store at a database URL; nothing is read yet, but a SQLite file is made.

        Raises:
            UnavailableError: the folder or file can not be made.
        """
        try:
            return cls(make_engine(url, timeouts), timeouts=timeouts)
        except OSError as error:
            raise unavailable(
                "away", f"Opslore can't open its database: {error.strerror}."
            ) from error

    def close(self) -> None:
        """Refuse whoever comes from now on; the last who is at it gives back all connections.

        Whoever is at it may be about to open one, and what comes back to a pool that was emptied
        before would stay open.
        """
        with self._lock:
            self._closed = True
            idle = not self._users
        if idle:
            self.engine.dispose()

    def schema_revision(self) -> str | None:
        """The revision of the tables; None before there are any."""
        with self._in_use(), report_outages(), self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return None if found is None else str(found)

    @contextmanager
    def transaction(self, team: TeamId) -> Iterator[Transaction]:
        """All or nothing: committed at the end of the block, rolled back by an error in it.

        Raises:
            UnavailableError: the database is locked, full, read-only or away.
        """
        with self._write() as session:
            yield self._transaction(session, team)
            chain.append(session, team)
        self._known.add(team)

    @contextmanager
    def read(self, team: TeamId) -> Iterator[Transaction]:
        """One unchanging view of the database, which nothing is written through.

        Raises:
            UnavailableError: the database does not answer.
        """
        with self._read() as session:
            yield Transaction(session, team)

    def run_grouped(self, team: TeamId, work: Callable[[Transaction], T]) -> T:
        """What `work` returns, committed together with whatever other threads wait to write.

        `work` may be run twice: when another of its group fails, all are rolled back and each is
        run again alone. It reads and writes through its transaction only.

        Raises:
            UnavailableError: as `transaction`; and whatever `work` raises.
        """
        return cast("T", self._submitted(Job(team, work)))

    def claim_message(self, team: TeamId, heard: IncomingMessage) -> bool:
        """Claim a message, in one statement with all that wait for it; whether it was new.

        Raises:
            UnavailableError: as `transaction`.
        """
        return cast("bool", self._submitted(Job(team, heard)))

    @property
    def waiting(self) -> int:
        """How many works wait for a group commit right now."""
        return self._group.waiting

    def scrub(self) -> None:
        """Leave nothing of what was taken out in the index, the free pages or the log of a file.

        PostgreSQL does so by itself, when it vacuums. Somebody who reads right now keeps the log
        from being emptied; it is at the next checkpoint.

        Raises:
            UnavailableError: as `transaction`.
        """
        if self.dialect != "sqlite":
            return
        merge_index(self._begin)
        with self._in_use(), report_outages(), self.engine.connect() as connection:
            # Outside of a transaction, where alone it can be done.
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def teams(self) -> list[TeamId]:
        """All workspaces, by id."""
        with self._read() as session:
            statement = select(WorkspaceRow.team_id).order_by(col(WorkspaceRow.team_id))
            return [TeamId(team) for team in session.exec(statement)]

    def claim_items(
        self, now: datetime, limit: int, *, team: TeamId | None = None
    ) -> list[OutboxItem]:
        """Take what is due, the longest due first; nobody else gets it.

        `team`: of one workspace alone, for a bot has the token of one; None is of all.

        Each telling shows `attempts` and `attempted_at` as they were before: one that has an
        `attempted_at` may have arrived already. A claim that is not reported on ends with its
        lease, and whoever had it then changes nothing any more of what another has claimed.
        """
        with self._write() as session:
            return outbox_claims.claim(session, now, limit, timeouts=self._timeouts, team=team)

    def outbox_backlog(self) -> Backlog:
        """How much waits to be told, over all workspaces."""
        with self._read() as session:
            return outbox_claims.backlog(session)

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with (
            self._in_use(),
            report_outages(),
            _session(self._reading, self._batch_sizes) as session,
        ):
            yield session

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with (
            self._in_use(),
            self._in_turn() as engine,
            report_outages(),
            _recording(engine, self._batch_sizes) as session,
        ):
            yield session
            session.commit()

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
        if team not in self._known and workspaces.make(session.connection(), team):
            recording.note_unread(session, WorkspaceRow, team)
        return Transaction(session, team)

    @contextmanager
    def _in_turn(self, *, urgent: bool = False) -> Iterator[Engine]:
        """An engine that waits no longer for the database's lock than its turn left time for."""
        if self._turns is None:
            yield self._writing
            return
        with ExitStack() as stack:
            try:
                turn = self._turns.turn(self._timeouts.lock_seconds, urgent=urgent)
                seconds = stack.enter_context(turn)
            except TimeoutError as error:
                raise unavailable("locked", BUSY) from error
            yield self._waiting_for(round(1000 * seconds))

    def _waiting_for(self, left: int) -> Engine:
        """The engine of those who write, which waits so many milliseconds for the lock."""
        if left > round(1000 * self._timeouts.lock_seconds) - _SOON_MS:
            return self._writing
        return self._writing.execution_options(**{WAIT_MS: max(left, _SOON_MS)})

    @contextmanager
    def _begin(self, *, urgent: bool = False) -> Iterator[Connection]:
        """As `_write`, without a session: it costs as much as taking in a few messages."""
        with (
            self._in_use(),
            self._in_turn(urgent=urgent) as engine,
            report_outages(),
            engine.begin() as connection,
        ):
            yield connection

    def _begin_urgently(self) -> AbstractContextManager[Connection]:
        """Begin before jobs and forms that wait as well: Slack waits for events."""
        return self._begin(urgent=True)

    def _run(self, connection: Connection, jobs: Sequence[Job]) -> None:
        """Do what jobs of any workspaces want done; the messages of each are taken in together."""
        for team in sorted({job.team for job in jobs}):
            is_new = team not in self._known and workspaces.make(connection, team)
            own = [job for job in jobs if job.team == team]
            heard = [(job, job.work) for job in own if isinstance(job.work, IncomingMessage)]
            if heard:
                new = take_in(connection, team, [work for _, work in heard])
                for (job, _), result in zip(heard, new, strict=True):
                    job.result = result
            if is_new or len(heard) < len(own):
                self._work(connection, team, own, is_new=is_new)

    def _work(
        self, connection: Connection, team: TeamId, jobs: Sequence[Job], *, is_new: bool
    ) -> None:
        """Do the works of one workspace among `jobs`."""
        with _recording(connection, self._batch_sizes) as session:
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


def _session(bind: Engine, sizes: BatchSizes) -> Session:
    return Session(
        bind, expire_on_commit=False, execution_options=_FRESH, info={BATCH_SIZES: sizes}
    )


def _recording(bind: Engine | Connection, sizes: BatchSizes) -> Session:
    return RecordingSession(
        bind, expire_on_commit=False, execution_options=_FRESH, info={BATCH_SIZES: sizes}
    )
