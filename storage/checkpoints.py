"""Copying SQLite's log into its file, in a thread, so that no commit has to wait for the disk."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from bot.domain.errors import UnavailableError

# Transactions between two copies. A hundred of them write about 2,000 pages while chat is heard.
_EVERY: Final = 100

log = logging.getLogger(__name__)


class Checkpoints:
    """Counts transactions, and runs `copy` in a thread after so many."""

    def __init__(self, copy: Callable[[], None]) -> None:
        self._copy = copy
        self._lock = threading.Lock()
        self._written = 0
        self._thread: threading.Thread | None = None

    def count(self) -> None:
        """Count a transaction that wrote something."""
        with self._lock:
            self._written += 1
            if self._written < _EVERY or (self._thread and self._thread.is_alive()):
                return
            self._written = 0
            self._thread = threading.Thread(target=self._run, name="checkpoint")
            self._thread.start()

    def _run(self) -> None:
        try:
            self._copy()
        except UnavailableError as error:
            # Nothing is lost: the log stays until a later copy.
            log.warning("log_not_copied", extra={"why": type(error.__cause__).__name__})
