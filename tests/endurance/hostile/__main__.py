"""Run hostile acts by the thousand: `python -m tests.endurance.hostile --acts 10000`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from storage.migrate import upgrade
from storage.store import Store
from tests.endurance.hostile.acts import Hostile
from tests.endurance.hostile.verdict import Findings
from tests.support.ops import Ops

_WORKSPACE = 200


def main() -> int:
    """Print the figures and every fault; exit with 1 if there was one."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.hostile", description=__doc__)
    parser.add_argument("--acts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    findings, began = Findings(), time.monotonic()
    for start in range(0, given.acts, _WORKSPACE):
        one = _workspace(given.seed + start, min(_WORKSPACE, given.acts - start))
        print(*one.faults, sep="\n", end="\n" if one.faults else "", flush=True)
        findings += one
        print(f"{findings.acts} of {given.acts}", end="\r", file=sys.stderr, flush=True)
    print(f"{findings}; seed {given.seed}, {time.monotonic() - began:.0f} s")
    return 1 if findings.faults else 0


def _workspace(seed: int, acts: int) -> Findings:
    """Return a new workspace, so that no act has to read through thousands of others."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'opslore.db'}"
        upgrade(url)
        store = Store.open(url)
        ops = Ops(store)
        ops.open({})
        try:
            return Hostile(ops, seed).run(acts)
        finally:
            ops.close()
            store.close()


if __name__ == "__main__":
    sys.exit(main())
