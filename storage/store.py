"""The one way to the database: transactions, group commit and what spans workspaces."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, Self, TypeVar, cast

from sqlalchemy import Engine, inspect, text
from sqlmodel import Session, col, select

from bot.domain.entries import TeamId
from bot.domain.hearing import Heard
from bot.domain.telling import LEASE, Telling
from storage import outbox, workspaces
from storage.engine import BEGIN, LOCK_WAIT_MS, make_engine
from storage.errors import BUSY, plain_words, unavailable
from storage.group import GroupCommit, Job
from storage.messages import take_in
from storage.outbox import Backlog
from storage.tables import WorkspaceRow
from storage.transaction import Transaction

__all__ = ["Store", "Transaction"]

T = TypeVar("T")

# A row is read anew by every query: statements beside the session may have changed it.
_FRESH: Final = {"populate_existing": True}


class Store:
    """A database. Threads share a store; each transaction belongs to one thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
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
        self._turn = threading.Lock() if sqlite else None
        self._known: set[TeamId] = set()
        self._group = GroupCommit(self._run)

    @classmethod
    def open(cls, url: str) -> Self:
        """The store at a database URL; nothing is read yet, but a SQLite file is made.

        Raises:
            UnavailableError: the folder or file can not be made.
        """
        try:
            return cls(make_engine(url))
        except OSError as error:
            raise unavailable(
                "away", f"Opslore can't open its database: {error.strerror}."
            ) from error

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def schema(self) -> str | None:
        """The revision of the tables; None before there are any."""
        with plain_words(), self.engine.connect() as connection:
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
        self._known.add(team)

    @contextmanager
    def read(self, team: TeamId) -> Iterator[Transaction]:
        """One unchanging view of the database, which nothing is written through.

        Raises:
            UnavailableError: the database does not answer.
        """
        with plain_words(), self._session(self._reading) as session:
            yield Transaction(session, team)

    def grouped(self, team: TeamId, work: Callable[[Transaction], T]) -> T:
        """What `work` returns, committed together with whatever other threads wait to write.

        `work` may be run twice: when another of its group fails, all are rolled back and each is
        run again alone. It reads and writes through its transaction only.

        Raises:
            UnavailableError: as `transaction`; and whatever `work` raises.
        """
        return cast("T", self._submitted(Job(team, work)))

    def hear(self, team: TeamId, heard: Heard) -> bool:
        """Claim a message, in one statement with all that wait for it; whether it was new.

        Raises:
            UnavailableError: as `transaction`.
        """
        return cast("bool", self._submitted(Job(team, heard)))

    @property
    def waiting(self) -> int:
        """How many works wait for a group commit right now."""
        return self._group.waiting

    def teams(self) -> list[TeamId]:
        """All workspaces, by id."""
        with plain_words(), self._session(self._reading) as session:
            statement = select(WorkspaceRow.team_id).order_by(col(WorkspaceRow.team_id))
            return [TeamId(team) for team in session.exec(statement)]

    def claim_tellings(
        self, now: datetime, limit: int, lease: timedelta = LEASE, *, team: TeamId | None = None
    ) -> list[Telling]:
        """Take what is due, the longest due first; nobody else gets it.

        `team`: of one workspace alone, for a bot has the token of one; None is of all.

        Each telling shows `attempts` and `attempted_at` as they were before: one that has an
        `attempted_at` may have arrived already. A claim that is not reported on ends with `lease`.
        """
        with self._write() as session:
            return outbox.claim(session, now, limit, lease, team)

    def size(self) -> Backlog:
        """How much waits to be told, over all workspaces."""
        with plain_words(), self._session(self._reading) as session:
            return outbox.backlog(session)

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with self._in_turn(), plain_words(), self._session(self._writing) as session:
            yield session
            session.commit()

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, execution_options=_FRESH)

    def _transaction(self, session: Session, team: TeamId) -> Transaction:
        if team not in self._known:
            workspaces.make(session, team)
        return Transaction(session, team)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=LOCK_WAIT_MS / 1000):
            raise unavailable("locked", BUSY)
        try:
            yield
        finally:
            self._turn.release()

    def _run(self, jobs: Sequence[Job]) -> None:
        """Run a batch in one transaction; if that fails, each alone."""
        if len(jobs) > 1 and self._run_together(jobs):
            return
        for job in jobs:
            try:
                with self.transaction(job.team) as tx:
                    (job.result,) = _done(tx, [job])
            except Exception as error:  # noqa: BLE001 - it is raised again where the work came from
                job.error = error
            job.done = True

    def _run_together(self, jobs: Sequence[Job]) -> bool:
        try:
            if all(isinstance(job.work, Heard) and job.team in self._known for job in jobs):
                self._take_in(jobs)
                return True
            with self._write() as session:
                by_team = groupby(sorted(jobs, key=attrgetter("team")), attrgetter("team"))
                results = [
                    (own, _done(self._transaction(session, team), own))
                    for team, own in ((team, list(own)) for team, own in by_team)
                ]
        except Exception:  # noqa: BLE001 - each job meets it again, alone, and reports it
            return False
        for own, done in results:
            for job, result in zip(own, done, strict=True):
                job.result, job.done = result, True
        self._known.update(job.team for job in jobs)
        return True

    def _take_in(self, jobs: Sequence[Job]) -> None:
        """Messages only, as most batches are: without a session, which costs as much as they do."""
        with self._in_turn(), plain_words(), self._writing.begin() as connection:
            for team in {job.team for job in jobs}:
                own = [job for job in jobs if job.team == team]
                heard = [job.work for job in own if isinstance(job.work, Heard)]
                for job, new in zip(own, take_in(connection, team, heard), strict=True):
                    job.result = new
        for job in jobs:
            job.done = True

    def _submitted(self, job: Job) -> object:
        self._group.submit(job)
        if job.error is not None:
            raise job.error
        return job.result


def _done(tx: Transaction, jobs: Sequence[Job]) -> list[Any]:
    """What came of each job of one workspace; its messages are taken in together."""
    heard = [job.work for job in jobs if isinstance(job.work, Heard)]
    new = iter(tx.messages.take_in(heard) if heard else ())
    return [next(new) if isinstance(job.work, Heard) else job.work(tx) for job in jobs]
