"""Start-up and memory of `opslore run`, as ratios to importing its four main libraries."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from sandbox import Sandbox
from storage.migrate import upgrade
from tests.bench.figures import Figure, spread
from tests.support.ops import MANIFEST

_ROUNDS: Final = 15
# The installed command.
_OPSLORE: Final = str(Path(sys.executable).with_name("opslore"))
# Prints when it's done and keeps running, so that its memory can be read.
_IMPORTS: Final = (
    "import slack_bolt, sqlmodel, apscheduler.schedulers.background, jinja2, sys;"
    "print('ready', file=sys.stderr, flush=True); sys.stdin.read()"
)


def starting() -> Iterator[Figure]:
    """Time both processes in turn until they are ready: the bot until Slack says hello."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(MANIFEST) as sandbox:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        settings = {
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "DATABASE_URL": url,
        }
        pairs = [
            (
                _measure(["-c", _IMPORTS], {}, "ready"),
                _measure([_OPSLORE, "run"], settings, "connected"),
            )
            for _ in range(_ROUNDS + 1)
        ][1:]  # the first fills the file cache
    seconds = [bot[0] / imports[0] for imports, bot in pairs]
    memory = [bot[1] / imports[1] for imports, bot in pairs]
    print(f"  start-up: {spread(seconds)}; memory: {spread(memory)}")
    yield Figure("start-up until Slack says hello", median(bot[0] for _, bot in pairs) * 1000, "ms")
    yield Figure(
        "  over importing Bolt, sqlmodel, APScheduler, Jinja2", median(seconds), "times", 1.5
    )
    yield Figure("memory then", median(bot[1] for _, bot in pairs) / 1024, "MB")
    yield Figure("  over the same", median(memory), "times", 1.5)


def _measure(arguments: list[str], settings: dict[str, str], sign: str) -> tuple[float, float]:
    """Return the seconds until the sign appears in stderr, and the resident kB then."""
    environment = {"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), **settings}
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if sign in line:
                break
        else:
            raise RuntimeError(f"{arguments} ended before it was ready")
        took = time.perf_counter() - began
        status = Path(f"/proc/{process.pid}/status").read_text()
    finally:
        process.terminate()
        process.communicate()
    resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert resident is not None
    return took, float(resident[1])
