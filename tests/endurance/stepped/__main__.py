"""Kill the bot at each step of a change's life: `python -m tests.endurance.stepped`."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.endurance.stepped.flows import FLOWS, Flow
from tests.endurance.stepped.sweep import Outcome, Sweep, sweep
from tests.support.postgresql import PostgreSQL


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures and every fault; exit with 1 if there was one."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.stepped", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--every", type=int, default=1, help="kill only at every Nth step")
    parser.add_argument("--first", type=int, default=1, help="the first step")
    parser.add_argument(
        "flows", nargs="*", metavar="FLOW", help=f"default: all of {', '.join(FLOWS)}"
    )
    given = parser.parse_args(arguments)

    def chosen(played: Sweep, flow: Flow) -> list[str]:
        return played.steps(flow)[given.first - 1 :: given.every]

    flows = dict.fromkeys(given.flows or FLOWS, chosen)
    with tempfile.TemporaryDirectory(prefix="opslore-steps-") as folder:
        path = Path(folder)
        if given.database == "sqlite":
            url = f"sqlite:///{path / 'opslore.db'}"
            outcome = sweep(url, path, flows)
        else:
            with PostgreSQL.running() as server:
                outcome = sweep(server.empty(), path, flows)
    _print(outcome)
    return 1 if outcome.faults else 0


def _print(outcome: Outcome) -> None:
    for name, kills in outcome.kills.items():
        print(f"{name:24}{kills:>8} kills")
    print(f"{'total':24}{outcome.kills.total():>8} kills")
    print(f"{'steps not repeated':24}{outcome.missed.total():>8}")
    print(f"{'kinds of steps':24}{len(outcome.steps):>8}")
    print(f"{'seconds':24}{outcome.seconds:>8.0f}")
    for fault in outcome.faults:
        print(f"FAULT: {fault}")


if __name__ == "__main__":
    sys.exit(main())
