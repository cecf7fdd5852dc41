"""Faults on demand, and the log of calls and deliveries."""

from __future__ import annotations

import threading
import time

from sandbox.acts.talk import Talk
from sandbox.delivery import Job, Manner
from sandbox.faults import Fault
from sandbox.installation import Installation
from sandbox.model import Json


class Outages:
    """Breaks the connection between Slack and the app, and reads the log."""

    def __init__(self, installation: Installation, talk: Talk) -> None:
        self._installation = installation
        self._talk = talk

    def fail(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int | None = None,
        never: bool = False,
        lost: bool = False,
        late: float = 0.0,
        times: int | None = None,
        retry_after: int = 1,
    ) -> None:
        """Make calls of a Web API method fail; the arguments are fields of Fault."""
        fault = Fault(method, error, status, never, lost, late, times, retry_after)
        self._installation.faults.add(fault)

    def heal(self) -> None:
        """End all faults."""
        self._installation.faults.heal()
        self._installation.delivery.set_manner(Manner())

    def deliver_events(
        self, *, times: int = 1, delay: float = 0.0, shuffle: bool = False, drop: bool = False
    ) -> None:
        """Change how events are delivered; the arguments are fields of Manner."""
        self._installation.delivery.set_manner(Manner(times, delay, shuffle, drop))

    def calls(self, method: str | None = None) -> list[Json]:
        """Return every call of the Web API, or those of one method, oldest first."""
        calls = list(self._installation.calls)
        return [call.as_json() for call in calls if method in (None, call.method)]

    def deliveries(self) -> list[Json]:
        """Return all deliveries to the app, oldest first."""
        return [job.as_json() for job in self._installation.delivery.jobs()]

    def sockets(self) -> int:
        """Return the number of Socket Mode connections."""
        return self._installation.sockets.connections

    def refresh_sockets(self) -> None:
        """Ask the app to replace its Socket Mode connections."""
        self._installation.sockets.refresh()

    def cut_sockets(self) -> None:
        """Close every Socket Mode connection without a warning."""
        self._installation.sockets.cut()

    def load(
        self, channel: str, rate: float, seconds: float, persons: list[str], texts: list[str]
    ) -> list[float | None]:
        """Let people post `rate` messages a second; return the seconds to each message's ack.

        An event that was never acknowledged is None.
        """
        jobs: list[Job] = []
        began, pause = time.monotonic(), threading.Event()
        for index in range(int(rate * seconds)):
            due = began + index / rate
            pause.wait(max(0.0, due - time.monotonic()))
            person = persons[index % len(persons)]
            with self._installation.delivery.gathering() as gathered:
                self._talk.post(person, channel, texts[index % len(texts)])
            jobs += gathered
        for job in jobs:
            job.done.wait()
        return [job.seconds for job in jobs]
