"""Delivery of events, commands and clicks to the app, with retries of events."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sandbox.log import Entry, Log
from sandbox.model import Json
from sandbox.transports import Ack, Parcel, Transport

# Events API: an answer within 3 seconds counts, and up to three retries follow.
ACK_SECONDS = 3.0


@dataclass(slots=True)
class Job(Entry):
    """One delivery to the app, with all its attempts.

    `failures` has the reason of each attempt that was not acknowledged, `objection` Slack's
    complaint about the body of an acknowledgement.
    """

    kind: str
    name: str
    payload: Json
    acked: bool = False
    ack: Ack | None = None
    failures: tuple[str, ...] = ()
    objection: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def title(self) -> str:
        """The type of the event or interaction."""
        return "command" if self.kind == "slash_commands" else self.name

    @property
    def given(self) -> Json:
        """The payload."""
        return self.payload

    @property
    def messages(self) -> list[str]:
        """The objection to the acknowledgement."""
        return [self.objection] if self.objection else []

    @property
    def parts(self) -> Mapping[str, Any]:
        """The payload, the attempts that failed, and what the acknowledgement held."""
        parts: dict[str, Any] = {"Payload": self.payload}
        if self.failures:
            parts["Attempts that failed"] = list(self.failures)
        if self.ack is not None and self.ack.body is not None:
            parts["Answer"] = self.ack.body
        return parts

    @property
    def refusal(self) -> str:
        """Slack's error for the first failed attempt."""
        if not self.failures:
            return "invalid_response" if self.objection else ""
        if self.kind == "events_api":
            return self.failures[0]
        return "operation_timeout" if self.failures[0] == "http_timeout" else "dispatch_failed"

    def as_json(self) -> Json:
        """Return the job as the driver gets it."""
        return {
            "kind": self.kind,
            "type": self.name,
            "event_id": self.payload.get("event_id"),
            "attempts": self.attempts,
            "acked": self.acked,
            "seconds": self.seconds,
            "payload": self.payload,
        }


@dataclass(frozen=True, slots=True)
class Manner:
    """How events are delivered: how often, how late, out of order, or not at all."""

    times: int = 1
    delay: float = 0.0
    shuffle: bool = False
    drop: bool = False


class Delivery:
    """The queue between the workspace and the app."""

    def __init__(self, transport: Transport, retry_delays: tuple[float, ...], log: Log) -> None:
        self._log = log
        self.transport = transport
        self.ack_seconds = ACK_SECONDS
        self._retry_delays = retry_delays
        self._manner = Manner()
        self._held: list[Job] = []
        self._jobs: list[Job] = []
        self._gathered = threading.local()
        self._timers: set[threading.Timer] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._pool = ThreadPoolExecutor(32, thread_name_prefix="sandbox-events")

    def jobs(self) -> list[Job]:
        """All deliveries so far, oldest first."""
        with self._lock:
            return list(self._jobs)

    @contextmanager
    def gathering(self) -> Iterator[list[Job]]:
        """Collect the events that this thread causes."""
        self._gathered.jobs = gathered = list[Job]()
        try:
            yield gathered
        finally:
            self._gathered.jobs = None

    @contextmanager
    def waited(self, *, wait: bool = True) -> Iterator[None]:
        """Wait at the end of the block until its events are acknowledged or given up."""
        with self.gathering() as jobs:
            yield
        for job in jobs if wait else ():
            job.done.wait()

    def set_manner(self, manner: Manner) -> None:
        """Change how events are delivered. Held events go out, shuffled, once `shuffle` is off."""
        with self._lock:
            self._manner = manner
            held, self._held = self._held, [] if not manner.shuffle else self._held
        if manner.shuffle:
            return
        random.Random(len(held)).shuffle(held)  # noqa: S311 - an order, the same in each run
        for job in held:
            job.done.clear()
            self._later(0.0, job, "")

    def event(self, name: str, payload: Json) -> None:
        """Send an event without waiting for its acknowledgement."""
        with self._lock:
            manner = self._manner
            jobs = [Job("events_api", name, payload) for _ in range(manner.times)]
            self._jobs += jobs
            if manner.shuffle:
                self._held += jobs
        for job in jobs:
            self._log.add(job)
        gathered = getattr(self._gathered, "jobs", None)
        if gathered is not None:
            gathered += jobs
        for job in jobs:
            if manner.shuffle or manner.drop:
                job.done.set()
            else:
                self._later(manner.delay, job, "")

    def ask(self, kind: str, name: str, payload: Json) -> Ack:
        """Send a command or a click and return its acknowledgement; these are never repeated."""
        job = Job(kind, name, payload)
        with self._lock:
            self._jobs.append(job)
        self._log.add(job)
        return self._attempt(job, "")

    def object(self, ack: Ack, words: str) -> None:
        """Record Slack's complaint about the body of an acknowledgement."""
        with self._lock:
            job = next(job for job in reversed(self._jobs) if job.ack is ack)
        job.objection = words
        self._log.touch(job)

    def _later(self, seconds: float, job: Job, reason: str) -> None:
        with self._lock:
            if self._closed:
                job.done.set()
                return
            if seconds > 0:
                timer = threading.Timer(seconds, self._later, (0.0, job, reason))
                timer.daemon = True
                self._timers = {each for each in self._timers if each.is_alive()} | {timer}
                timer.start()
                return
            self._pool.submit(self._try_event, job, reason)

    def _try_event(self, job: Job, reason: str) -> None:
        ack = self._attempt(job, reason)
        tries = job.attempts - 1
        if ack.ok or not ack.retry or tries >= len(self._retry_delays):
            job.done.set()
        else:
            self._later(self._retry_delays[tries], job, ack.reason)

    def _attempt(self, job: Job, reason: str) -> Ack:
        parcel = Parcel(job.kind, job.payload, job.attempts, reason)
        job.attempts += 1
        began = time.monotonic()
        try:
            ack = self.transport.send(parcel, self.ack_seconds)
        except Exception as error:  # noqa: BLE001 - the app's own failure, reported as Slack sees it
            ack = Ack(ok=False, reason="http_error", body=repr(error))
        if ack.ok:
            job.seconds = time.monotonic() - began
        else:
            job.failures += (ack.reason,)
        job.ack, job.acked = ack, ack.ok
        self._log.touch(job)
        return ack

    def close(self) -> None:
        """Stop all deliveries."""
        with self._lock:
            self._closed = True
            timers, self._timers = self._timers, set()
        for timer in timers:
            timer.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.transport.close()
        for job in self.jobs():
            job.done.set()
