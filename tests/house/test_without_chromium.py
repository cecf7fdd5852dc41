"""The test run on a machine that has no browser."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_run_ends_with_the_number_of_skipped_tests_and_what_they_need(tmp_path: Path) -> None:
    without = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "tests/page/test_welcome.py",
    ]

    run = subprocess.run(  # noqa: S603 - this very interpreter
        command,
        cwd=ROOT,
        env={**without, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    *_, skipped, closing = run.stdout.strip().splitlines()
    number = closing.split()[0]
    assert closing.startswith(f"{number} skipped in")
    needs = "the tests of the page need a Chromium; Debian, Ubuntu: apt install chromium"
    assert skipped == f"{number} skipped in tests/page: {needs}"
