"""Failures on demand: what the Web API does wrong when a test wants it to."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """How calls of `method` ("*": all) go wrong, `times` times or until healed.

    `error` is answered instead of doing the call ("ratelimited": with status 429); `status` is an
    HTTP failure without doing it; `never` answers nothing and does nothing; `lost` does the call
    and cuts the connection; `late` does it and answers that many seconds later.
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
        """Whether the call takes effect all the same."""
        return not (self.error or self.status or self.never)


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let calls fail from now on."""
        with self._lock:
            self._faults.append(fault)

    def heal(self) -> None:
        """Let every call succeed again."""
        with self._lock:
            self._faults.clear()

    def take(self, method: str) -> Fault | None:
        """Return the fault that strikes this call, and count it."""
        with self._lock:
            for fault in self._faults:
                if fault.method in (method, "*"):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._faults.remove(fault)
                    return fault
        return None
