"""Group commit: the first thread that waits writes for all others, in one transaction."""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from sqlalchemy import Connection

from bot.domain.entries import TeamId
from bot.domain.errors import UnavailableError
from bot.domain.messages import IncomingMessage
from storage.errors import BUSY
from storage.transaction import Transaction

# A function to run in a transaction; or a message, because all messages of a batch are claimed in
# one statement.
Work = Callable[[Transaction], Any] | IncomingMessage

# Jobs in one batch: more would save nothing and keep other writers waiting.
_MOST: Final = 100


class Job:
    """One caller's work and its result."""

    def __init__(self, team: TeamId, work: Work) -> None:
        self.team = team
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False
        # Locked until the job is woken. An Event costs ten times as much.
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def wait(self) -> None:
        """Sleep until another thread wakes this job, because it is done or leads the next batch."""
        self._asleep.acquire()

    def wake(self) -> None:
        """Wake the thread that waits for this job."""
        self._asleep.release()


class GroupCommit:
    """A queue of callers. The first one leads: it runs a batch, then the next caller leads.

    `begin` opens a transaction. `run` runs jobs in it and sets their results.
    """

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[Connection]],
        run: Callable[[Connection, Sequence[Job]], None],
    ) -> None:
        self._begin = begin
        self._run = run
        self._lock = threading.Lock()
        self._waiting: list[Job] = []
        self._led = False

    @property
    def waiting(self) -> int:
        """How many jobs are in no batch yet."""
        return len(self._waiting)

    def submit(self, job: Job) -> None:
        """Wait until this thread or another has done the job."""
        with self._lock:
            self._waiting.append(job)
            leads = not self._led
            self._led = True
        if not leads:
            job.wait()
        if not job.done:
            self._lead()

    def _lead(self) -> None:
        batch: list[Job] = []
        try:
            with self._begin() as connection:
                # The batch is taken only now, because more jobs arrive while the transaction
                # begins. Otherwise every second batch would have a single job.
                batch = self._take()
                self._run(connection, batch)
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            if batch:
                self._run_apart(batch, error)
            else:
                # The transaction couldn't begin. Each job alone would wait as long and fail too.
                batch = self._take()
                self._fail(batch, error)
        else:
            for job in batch:
                job.done = True
        finally:
            for job in batch or self._take():
                if not job.done:
                    job.error, job.done = UnavailableError(BUSY), True
                job.wake()
            self._hand_on()

    def _take(self) -> list[Job]:
        with self._lock:
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
        return batch

    def _run_apart(self, batch: Sequence[Job], error: Exception) -> None:
        """Run each job of a failed batch alone, unless it was the only one."""
        if len(batch) == 1:
            batch[0].error, batch[0].done = error, True
            return
        for position, job in enumerate(batch):
            try:
                with self._begin() as connection:
                    self._run(connection, [job])
            except UnavailableError as outage:
                self._fail(batch[position:], outage)
                return
            except Exception as own_error:  # noqa: BLE001 - raised again in the caller's thread
                job.error = own_error
            job.done = True

    @staticmethod
    def _fail(jobs: Sequence[Job], error: Exception) -> None:
        for job in jobs:
            job.error, job.done = error, True

    def _hand_on(self) -> None:
        """Let the first job in the queue lead; if it's empty, the next caller leads."""
        with self._lock:
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].wake()
