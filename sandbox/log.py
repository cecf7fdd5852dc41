"""Everything that passed between Slack and the app, in order, and what of it changed last."""

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

# As many entries as a page keeps, each begun and ended.
_REMEMBERED = 2 * 2_000


@dataclass(slots=True, kw_only=True)
class Entry(ABC):
    """One exchange between Slack and the app; `at` is the machine's time, in seconds since 1970.

    Its `number` says where it stands in the log, `moment` what the workspace's clock showed.
    `seconds` is the time to its answer or acknowledgement, None where there was none.
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
        """What it is, as Slack's documentation calls it."""

    @property
    @abstractmethod
    def given(self) -> Json:
        """What was sent."""

    @property
    @abstractmethod
    def refusal(self) -> str:
        """Slack's word for what is wrong with it, "" for nothing."""

    @property
    @abstractmethod
    def messages(self) -> list[str]:
        """What Slack explains beside that word."""

    @property
    @abstractmethod
    def parts(self) -> Mapping[str, Any]:
        """All that is known of it, each part by its title."""


@dataclass(slots=True)
class ApiCall(Entry):
    """A call of the Web API; a post to a response URL has "response_url" for its method.

    `status` is the failure of HTTP itself, 0 where the connection was cut.
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
        """What the driver reads of it."""
        return {
            "method": self.method,
            "args": self.args,
            "answer": self.answer,
            "at": self.at,
            "seconds": self.seconds,
        }


class Log:
    """The entries by number; may be written in any thread."""

    def __init__(self, clock: Clock, pulse: Pulse) -> None:
        self._clock = clock
        self._pulse = pulse
        self._lock = Lock()
        self._touched: deque[tuple[int, Entry]] = deque(maxlen=_REMEMBERED)
        self.entries: list[Entry] = []
        self.refused = 0

    def add(self, entry: Entry) -> None:
        """Put an entry at the end."""
        with self._lock:
            entry.number, entry.moment = len(self.entries), self._clock.seconds()
            self.entries.append(entry)
        self.touch(entry)

    def touch(self, entry: Entry) -> None:
        """Note that an entry is another now."""
        with self._lock:
            self._touched.append((next_change(), entry))
            if entry.refusal and not entry.counted:
                entry.counted = True
                self.refused += 1
        self._pulse.beat()

    def since(self, change: int) -> tuple[list[Entry], int]:
        """Return what was touched after `change`, by number, and the change to go on from.

        Of a longer past than a page keeps there is only its end.
        """
        found: dict[int, Entry] = {}
        latest = change
        with self._lock:
            for number, entry in reversed(self._touched):
                if number <= change:
                    break
                latest = max(latest, number)
                found[entry.number] = entry
        return [found[number] for number in sorted(found)], latest
