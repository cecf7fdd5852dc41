"""The log of calls and deliveries between Slack and the app."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sandbox.changes import Pulse, next_change
from sandbox.clock import Clock
from sandbox.model import Json

# Twice what a page keeps, because each entry changes at its start and at its end.
_REMEMBERED = 2 * 2_000


@dataclass(slots=True, kw_only=True)
class Entry(ABC):
    """One call or delivery between Slack and the app.

    `number` is its index in the log, `at` the machine's time and `moment` the workspace's, both in
    seconds since 1970. `seconds` is the time to its answer or acknowledgement, None without one.
    """

    at: float = field(default_factory=time.time)
    number: int = -1
    moment: float = 0.0
    seconds: float | None = None
    attempts: int = 0
    counted: bool = False

    @property
    @abstractmethod
    def title(self) -> str:
        """Its name in Slack's documentation."""

    @property
    @abstractmethod
    def given(self) -> Json:
        """The arguments or the payload."""

    @property
    @abstractmethod
    def refusal(self) -> str:
        """Slack's error, "" if there is none."""

    @property
    @abstractmethod
    def messages(self) -> list[str]:
        """Slack's explanations of the error."""

    @property
    @abstractmethod
    def parts(self) -> Mapping[str, Any]:
        """All its parts by title."""


@dataclass(slots=True)
class ApiCall(Entry):
    """A Web API call, or a post to a response URL, with the method "response_url".

    `status` is the HTTP status if it isn't 200; 0 if the connection was cut.
    """

    method: str
    args: Json
    answer: Any = None
    status: int | None = None

    @property
    def title(self) -> str:
        """The method."""
        return self.method

    @property
    def given(self) -> Json:
        """The arguments, without the token."""
        return self.args

    @property
    def refusal(self) -> str:
        """The error of the answer."""
        if self.status is not None:
            return f"http_{self.status}" if self.status else "no_answer"
        if isinstance(self.answer, dict):
            return "" if self.answer.get("ok") else str(self.answer.get("error"))
        return "" if self.answer in (None, "ok") else str(self.answer)

    @property
    def messages(self) -> list[str]:
        """The messages of the answer's metadata."""
        about = self.answer.get("response_metadata") if isinstance(self.answer, dict) else None
        return list(about.get("messages", [])) if isinstance(about, dict) else []

    @property
    def parts(self) -> Mapping[str, Any]:
        """The arguments and the answer."""
        return {"Arguments": self.args, "Answer": self.answer}

    def as_json(self) -> Json:
        """Return the call as the driver gets it."""
        return {
            "method": self.method,
            "args": self.args,
            "answer": self.answer,
            "at": self.at,
            "seconds": self.seconds,
        }


class Log:
    """The entries by number. Any thread may write to it."""

    def __init__(self, clock: Clock, pulse: Pulse) -> None:
        self._clock = clock
        self._pulse = pulse
        self._lock = Lock()
        self._touched: deque[tuple[int, Entry]] = deque(maxlen=_REMEMBERED)
        self.entries: list[Entry] = []
        self.refused = 0

    def add(self, entry: Entry) -> None:
        """Add an entry."""
        with self._lock:
            entry.number, entry.moment = len(self.entries), self._clock.seconds()
            self.entries.append(entry)
        self.touch(entry)

    def touch(self, entry: Entry) -> None:
        """Record that an entry changed."""
        with self._lock:
            self._touched.append((next_change(), entry))
            if entry.refusal and not entry.counted:
                entry.counted = True
                self.refused += 1
        self._pulse.beat()

    def since(self, change: int) -> tuple[list[Entry], int]:
        """Return the entries that changed after `change`, by number, and the latest change.

        If there are more entries than a page keeps, only the last ones are returned.
        """
        entries: dict[int, Entry] = {}
        latest = change
        with self._lock:
            for number, entry in reversed(self._touched):
                if number <= change:
                    break
                latest = max(latest, number)
                entries[entry.number] = entry
        return [entries[number] for number in sorted(entries)], latest
