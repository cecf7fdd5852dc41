"""Faults on demand: Web API calls that fail when a test wants them to."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """How calls of `method` ("*": all) fail, `times` times or until healed.

    With `error` the call isn't done and gets that error ("ratelimited": with status 429). With
    `status` it isn't done and gets that HTTP status. With `never` it isn't done and gets no answer.
    With `lost` it is done and the connection is cut. With `late` it is done and answered that many
    seconds later.
    """

    method: str
    error: str | None = None
    status: int | None = None
    never: bool = False
    lost: bool = False
    late: float = 0.0
    times: int | None = None
    retry_after: int = 1

    @property
    def done(self) -> bool:
        """Whether the call is done in spite of the fault."""
        return not (self.error or self.status or self.never)


class Faults:
    """The current faults."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Make calls fail from now on."""
        with self._lock:
            self._faults.append(fault)

    def heal(self) -> None:
        """Let every call succeed again."""
        with self._lock:
            self._faults.clear()

    def take(self, method: str) -> Fault | None:
        """Return the fault for this call, if any, and count its use."""
        with self._lock:
            for fault in self._faults:
                if fault.method in (method, "*"):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._faults.remove(fault)
                    return fault
        return None
