"""How much memory this process holds, watched while it works."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

# Memory is looked at this often, in seconds.
_WATCH_SECONDS: Final = 0.01


@contextmanager
def watched_memory() -> Iterator[list[float]]:
    """Watch the memory of this process, in MB, at the start, again and again, and at the end."""
    seen, done = [held_memory()], threading.Event()

    def watch() -> None:
        while not done.wait(_WATCH_SECONDS):
            seen.append(held_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()
    seen.append(held_memory())


def held_memory() -> float:
    """Return the memory that this process holds for itself, in MB.

    What SQLite maps of its file isn't counted: the system takes that back when it needs it.
    `ru_maxrss` won't do: Linux hands it on from the process that started this one.
    """
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("this system doesn't say how much memory a process holds")
