"""Ctrl-C while an export is read: the first one ends the reading, the second one the command."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Interrupt:
    """Whether someone pressed Ctrl-C."""

    is_pressed: bool = False


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Note the first Ctrl-C, and let the second one raise KeyboardInterrupt as usual."""
    interrupt = Interrupt()

    def press(_signal: int, _frame: FrameType | None) -> None:
        interrupt.is_pressed = True
        signal.signal(signal.SIGINT, before)
        print(
            "\nStopping, and writing what was found so far. Press Ctrl-C again to stop at once.",
            file=sys.stderr,
        )

    before = signal.signal(signal.SIGINT, press)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
