"""`python -m tests.bench [NAME…]`: print all figures, or those named.

The exit status is 1 if the code misses a goal. A time over its goal is only reported.
"""

import os
import platform
import sys

from bot.cli.garbage import keep_imports
from bot.log import set_up
from tests.bench.considering import considering
from tests.bench.events import events
from tests.bench.growth import growth
from tests.bench.growth_digest import growing_digest
from tests.bench.latency import latency
from tests.bench.listening import listening, listening_million
from tests.bench.page import page
from tests.bench.reviewing import reviewing
from tests.bench.searching import searching
from tests.bench.starting import starting

_ALL = {
    "events": events,
    "starting": starting,
    "latency": latency,
    "searching": searching,
    "reviewing": reviewing,
    "considering": considering,
    "growth": growth,
    "growing_digest": growing_digest,
    "page": page,
    "listening": listening,
}
# These run only if they are named, because they take long.
_NAMED = {"listening_million": listening_million}


def main(names: list[str]) -> int:
    set_up("WARNING", "text")
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the start"
    )
    # Like `opslore run`.
    keep_imports()
    failed = slow = 0
    for name in names or list(_ALL):
        print(f"\n{name}")
        for figure in (_ALL | _NAMED)[name]():
            print(figure, flush=True)
            failed += figure.fails
            slow += not (figure.is_met or figure.fails)
    print(f"\n{failed} goals missed." if failed else "\nEvery ratio, size and count met its goal.")
    if slow:
        print(f"{slow} times were longer than their goals on this machine.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
