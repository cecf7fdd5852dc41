"""How each job grows from 10,000 to 100,000 entries, while messages arrive."""

import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from math import log10
from pathlib import Path
from typing import Any, Final

from storage.migrate import upgrade
from storage.store import Store
from tests.bench.duty import JOBS
from tests.bench.figures import Figure
from tests.bench.filling import ENTRIES, fill, fill_chat

_TENTH: Final = ENTRIES // 10
# Seconds below which the growth of a time means nothing.
_SHORTEST: Final = 0.05


def growth() -> Iterator[Figure]:
    """Measure each job on its own copy, so that none profits from another."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_filled(Path(folder), count) for count in (_TENTH, ENTRIES))
        for name in JOBS:
            before, after = (_measure(name, path) for path in (small, large))
            yield from _figures(name, before, after)


def _filled(folder: Path, count: int) -> Path:
    path = folder / f"{count}.db"
    url = f"sqlite:///{path}"
    upgrade(url)
    store = Store.open(url)
    fill(store, random.Random(7), count)
    fill_chat(store, count)
    store.close()
    return path


def _measure(name: str, path: Path) -> dict[str, Any]:
    copy = shutil.copy(path, path.with_name("copy.db"))
    for rest in ("-wal", "-shm"):
        Path(f"{copy}{rest}").unlink(missing_ok=True)
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "tests.bench.duty", name, f"sqlite:///{copy}"],
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _figures(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Figure]:
    # A job in batches may take longer; then the time that a batch blocks other writers counts.
    goal = None if after["longest"] else 2
    yield Figure(f"{name}, {ENTRIES:,} entries, processor", after["seconds"], "s", goal)
    if after["longest"]:
        yield Figure("  its longest transaction that writes", after["longest"], "ms", 250)
    yield Figure("  messages stored while it runs, p99", after["p99"], "ms", 250)
    yield Figure("  messages refused", after["refused"], "messages", 0)
    yield Figure("  memory", after["mb"], "MB", 200)
    if before["seconds"] > _SHORTEST:
        exponent = log10(after["seconds"] / before["seconds"])
        yield Figure(f"  exponent from {_TENTH:,} entries", exponent, "", 1.1)
