"""Run random histories of any length: `python -m tests.endurance.histories --steps 10000`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.migrate import upgrade
from storage.store import Store
from tests.endurance.histories.play import play
from tests.endurance.histories.rows import INVARIANTS, chain_holds
from tests.endurance.histories.workplace import Tally
from tests.support.postgresql import PostgreSQL

DATABASES = ("sqlite", "postgresql")


def main() -> int:
    """Print the figures of each database, and any fault; exit with 1 after a fault."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.endurance.histories", description=__doc__
    )
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: both")
    given = parser.parse_args()
    print("After each step:")
    for holds in (*INVARIANTS, chain_holds):
        print(f"  {holds.__doc__}")
    for name in given.database or DATABASES:
        began = time.monotonic()
        with _url(name) as url:
            store = Store.open(url)
            try:
                tally = play(store, given.steps, seeded=given.seed, shrink=True)
            except Exception as fault:  # noqa: BLE001 - any fault is printed with its history
                print(f"FAULT on {name}: {fault!r}", *getattr(fault, "__notes__", ()), sep="\n")
                return 1
            finally:
                store.close()
        _told(name, tally, given.seed, time.monotonic() - began)
    return 0


def _told(name: str, tally: Tally, seed: int, seconds: float) -> None:
    done, refused = tally.done.total(), tally.refused.total()
    print(
        f"{name}: {tally.steps:,} steps, {done:,} done and {refused:,} refused, in "
        f"{tally.workspaces:,} workspaces; {tally.landings:,} revisions in force, "
        f"{tally.moments:,} moments read as of, {tally.searches:,} searches; no fault; "
        f"seed {seed}, {seconds:.0f} s"
    )
    for act in sorted(tally.done | tally.refused):
        print(f"  {act:18}{tally.done[act]:>7,} done{tally.refused[act]:>7,} refused")
    sys.stdout.flush()


@contextmanager
def _url(name: str) -> Iterator[str]:
    """Return the URL of a migrated, empty database."""
    if name == "postgresql":
        with PostgreSQL.running() as server, server.migrated() as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="opslore-histories-") as folder:
        url = f"sqlite:///{Path(folder) / 'opslore.db'}"
        upgrade(url)
        yield url


if __name__ == "__main__":
    sys.exit(main())
