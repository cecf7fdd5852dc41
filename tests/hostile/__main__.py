"""Run hostile acts by the thousand: `python -m tests.hostile --acts 10000`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from storage.migrate import upgrade
from storage.store import Store
from tests.hostile.acts import Hostile
from tests.ops import Ops


def main() -> int:
    """Print the figures, and every fault; the exit status is 1 if there was one."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--acts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="a URL; default: a SQLite file, then gone")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{Path(folder) / 'opslore.db'}"
        upgrade(url)
        store = Store.open(url)
        ops = Ops(store)
        ops.open()
        began = time.monotonic()
        findings = Hostile(ops, given.seed).run(given.acts)
        seconds = time.monotonic() - began
        ops.close()
        store.close()
    for fault in findings.faults:
        print(fault)
    print(f"{findings}; seed {given.seed}, {seconds:.0f} s")
    return 1 if findings.faults else 0


if __name__ == "__main__":
    sys.exit(main())
