"""The terminal's commands, run as processes."""

import os
import subprocess
import sys
from pathlib import Path


def opslore(
    *arguments: str, env: dict[str, str], folder: Path, typed: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, in no other environment than `env`."""
    given = {"PATH": os.environ["PATH"], "HOME": str(folder)} | env
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=folder,
        env=given,
        capture_output=True,
        text=True,
        input=typed,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done
