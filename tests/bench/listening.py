"""`opslore listen` on a generated export: how fast it reads, and how much memory it takes."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.bench.figures import Figure
from tests.bench.histories import write_history

# A million messages in a quarter of an hour.
_PACE: Final = 1_000_000 / (15 * 60)
_MOST_MEGABYTES: Final = 1000
_WATCH_SECONDS: Final = 0.2


def listening() -> Iterator[Figure]:
    """Measure 100,000 messages, without the semantic extra."""
    yield from _figures(100_000)


def listening_million() -> Iterator[Figure]:
    """Measure 1,000,000 messages, without the semantic extra. It takes a quarter of an hour."""
    yield from _figures(1_000_000)


def _figures(messages: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        export = write_history(Path(folder) / "export.zip", messages)
        seconds, peak = _run(export)
    name = f"opslore listen, {messages:,} messages"
    yield Figure(name, seconds, "s", messages / _PACE)
    yield Figure("  messages a second", messages / seconds, "")
    yield Figure("  its memory at most", peak, "MB", _MOST_MEGABYTES)


def _run(export: Path) -> tuple[float, float]:
    """Return the seconds that the command takes, and the most memory of its processes in MB."""
    command = [sys.executable, "-m", "bot.cli", "listen", str(export), "--no-semantic"]
    begun, peak = time.monotonic(), 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own command
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(_WATCH_SECONDS)
    assert process.returncode == 0
    return time.monotonic() - begun, peak


def _memory(pid: int) -> float:
    """Return the memory of a process and those that it started, in MB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    own = next((line for line in status.splitlines() if line.startswith("RssAnon:")), "0 0")
    return int(own.split()[1]) / 1024 + sum(_memory(int(child)) for child in children)
