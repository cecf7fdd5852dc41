"""Walk in both modes on both databases: `python -m tests.endurance.walk`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.endurance.walk.coverage import Coverage, find_missing
from tests.endurance.walk.parts import PARTS
from tests.endurance.walk.play import play_part
from tests.support.postgresql import PostgreSQL

MODES = ("socket", "http")
DATABASES = ("sqlite", "postgresql")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what people saw and every fault; exit with 1 if there was one."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.walk", description=__doc__)
    parser.add_argument("--mode", choices=MODES, help="default: both")
    parser.add_argument("--database", choices=DATABASES, help="default: both")
    parser.add_argument("--part", choices=PARTS, action="append", help="default: all")
    given = parser.parse_args(arguments)
    faults: list[str] = []
    for database in [given.database] if given.database else DATABASES:
        with _urls(database) as urls:
            for mode in [given.mode] if given.mode else MODES:
                faults += _walk_parts(mode, database, urls, given.part or list(PARTS))
    for fault in faults:
        sys.stdout.write(f"FAULT: {fault}\n")
    sys.stdout.write(f"{len(faults)} faults\n")
    return 1 if faults else 0


def _walk_parts(mode: str, database: str, urls: Iterator[str], parts: Sequence[str]) -> list[str]:
    coverage, faults, count = Coverage(), [], 0
    for name in parts:
        sys.stdout.write(f"{mode}, {database}: {name}\n")
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="opslore-walk-") as folder:
            url = next(urls)
            result = play_part(PARTS[name], mode, url, Path(folder))
        coverage += result.coverage
        count += result.seen
        faults += [f"{mode}, {database}, {name}: {each}" for each in result.faults]
        sys.stdout.write(f"  {result.seen} seen in {time.monotonic() - began:.0f} s\n")
    if len(parts) == len(PARTS):
        faults += [f"{mode}, {database}: {each}" for each in find_missing(coverage)]
    sys.stdout.write(f"{mode}, {database}: {count} seen; {coverage}\n")
    return faults


@contextmanager
def _urls(database: str) -> Iterator[Iterator[str]]:
    """Yield an empty database for each part."""
    if database == "postgresql":
        with PostgreSQL.running() as server:
            yield iter(server.empty, None)
    else:
        with tempfile.TemporaryDirectory(prefix="opslore-walk-") as folder:
            yield (f"sqlite:///{folder}/{number}/opslore.db" for number in range(1000))


if __name__ == "__main__":
    sys.exit(main())
