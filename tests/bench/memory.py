"""The memory of this process, measured while it works."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

# Seconds between two measurements.
_WATCH_SECONDS: Final = 0.01


@contextmanager
def watched_memory() -> Iterator[list[float]]:
    """Yield a list of this process's memory in MB: at the start, while it works, at the end."""
    measured, done = [own_memory()], threading.Event()

    def watch() -> None:
        while not done.wait(_WATCH_SECONDS):
            measured.append(own_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield measured
    finally:
        done.set()
        watcher.join()
    measured.append(own_memory())


def own_memory() -> float:
    """Return the memory of this process in MB, without mapped files.

    The system takes SQLite's mapped file back when it needs memory. `ru_maxrss` isn't used, because
    Linux inherits it from the process that started this one.
    """
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("this system doesn't say how much memory a process holds")
