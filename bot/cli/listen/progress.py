"""How far the reading is: one line that changes on a terminal, and few lines elsewhere."""

import sys
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TextIO

# Seconds between two lines: a person watches a terminal, and a log is read later.
_ON_A_TERMINAL: Final = 0.2
_IN_A_LOG: Final = 30.0
_CLEAR: Final = "\r\x1b[2K"


@dataclass(slots=True)
class Progress:
    """Prints the day, the messages so far and the share of the export's bytes."""

    total: int
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    done: int = 0
    messages: int = 0
    _begun: float = field(default_factory=time.monotonic)
    _last: float = field(default_factory=time.monotonic)

    def advance(self, day: date, size: int) -> None:
        """Note that the files of a day were read, and print a line if it's time to."""
        self.done += size
        now = time.monotonic()
        if now - self._last < (_ON_A_TERMINAL if self.stream.isatty() else _IN_A_LOG):
            return
        self._last = now
        share = self.done / max(self.total, 1)
        pace = self.messages / max(now - self._begun, 0.001)
        self._print(f"{share:4.0%}  {day}  {self.messages:,} messages, {pace:,.0f} a second")

    def say(self, line: str) -> None:
        """Print a line that stays."""
        clear = _CLEAR if self.stream.isatty() else ""
        print(f"{clear}{line}", file=self.stream, flush=True)

    def _print(self, line: str) -> None:
        if self.stream.isatty():
            self.stream.write(f"{_CLEAR}{line}")
            self.stream.flush()
        else:
            print(line, file=self.stream, flush=True)
