"""The bot is killed at steps of a change's life: nothing is half done, lost or told twice."""

import shutil
from pathlib import Path

from tests.databases import sqlite_url
from tests.stepped.flows import FLOWS
from tests.stepped.sweep import sweep

# Of each flow one while it is proposed, one at its approval and one while it is told;
# `python -m tests.stepped` takes all steps, on both databases.
_STEPS = (14, 41, 62)


def test_a_kill_at_a_step_leaves_nothing_half_done_lost_or_told_twice(
    sqlite_template: Path, tmp_path: Path
) -> None:
    database = Path(shutil.copy(sqlite_template, tmp_path / "opslore.db"))

    outcome = sweep(sqlite_url(database), tmp_path, steps=_STEPS)

    assert outcome.faults == []
    assert set(outcome.kills) == set(FLOWS)
