"""Group commit: whoever comes first writes for all who wait, in one transaction."""

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

# What is done in a transaction; or a message, of which a whole batch is taken in at once.
Work = Callable[[Transaction], Any] | IncomingMessage

# More in one transaction saves nothing and keeps other writers waiting.
_MOST: Final = 100


class Job:
    """One caller's work and what came of it."""

    def __init__(self, team: TeamId, work: Work) -> None:
        self.team = team
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False
        # A lock that is held until the job is woken: an Event costs ten times as much.
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def wait(self) -> None:
        """Sleep until somebody wakes this job: it is done, or it is to lead."""
        self._asleep.acquire()

    def wake(self) -> None:
        """Let whoever waits for this job go on."""
        self._asleep.release()


class GroupCommit:
    """Callers wait in a queue; the first of them leads, runs a batch and hands the lead on.

    `begin` is a transaction, and `run` does jobs in one and sets their results.
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
        """Return once the job is done, by this thread or another's."""
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
                # Only now: others come while a transaction begins, and every second batch would be
                # of one job without them.
                batch = self._take()
                self._run(connection, batch)
        except Exception as error:  # noqa: BLE001 - raised again where the work came from
            if batch:
                self._run_apart(batch, error)
            else:
                # Nothing could begin, and each by itself would wait as long to hear the same.
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
        """After an error of a batch: run each of its jobs alone, unless there was but one."""
        if len(batch) == 1:
            batch[0].error, batch[0].done = error, True
            return
        for at, job in enumerate(batch):
            try:
                with self._begin() as connection:
                    self._run(connection, [job])
            except UnavailableError as outage:
                self._fail(batch[at:], outage)
                return
            except Exception as own:  # noqa: BLE001 - raised again where the work came from
                job.error = own
            job.done = True

    @staticmethod
    def _fail(jobs: Sequence[Job], error: Exception) -> None:
        for job in jobs:
            job.error, job.done = error, True

    def _hand_on(self) -> None:
        """The first who waits leads next; without one, whoever comes."""
        with self._lock:
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].wake()
