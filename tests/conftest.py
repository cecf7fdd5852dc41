"""Fixtures that many tests share."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.approval_gate import approval_of_dec_1, dan, side
from tests.support.databases import (
    database_url,
    empty_url,
    postgresql,
    postgresql_url,
    sqlite_template,
    statements,
    store,
)
from tests.support.ops import beginnings, ops
from tests.support.patience import patience

# How long an example takes says nothing here: the first of a kind compiles what the others use, and
# the machine may have other things to do.
settings.register_profile("opslore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("opslore")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors, for tests wait as well: for a browser, for a process."""
    allowed = getattr(os, "sched_getaffinity", None)  # of Linux alone
    return 1 + (len(allowed(0)) if allowed else os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """Look for garbage in what tests make, and not in the modules too, and less often.

    Much of the time goes to that otherwise.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List at the end how many tests were skipped, where they are and what they need."""
    skipped: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        _, _, reason = report.longrepr
        skipped.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)
    for reason, tests in skipped.items():
        folders = sorted({str(Path(test.partition("::")[0]).parent) for test in tests})
        terminalreporter.write_line(f"{len(tests)} skipped in {', '.join(folders)}: {reason}")


__all__ = [
    "approval_of_dec_1",
    "beginnings",
    "dan",
    "database_url",
    "empty_url",
    "ops",
    "patience",
    "postgresql",
    "postgresql_url",
    "side",
    "sqlite_template",
    "statements",
    "store",
]
