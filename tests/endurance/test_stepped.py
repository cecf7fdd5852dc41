"""The bot is killed at steps of a change's life: nothing is half done, lost or sent twice."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.endurance.stepped.flows import FLOWS, Flow
from tests.endurance.stepped.sweep import Sweep, sweep
from tests.support.databases import sqlite_url

# The steps where most could be lost or doubled. `python -m tests.endurance.stepped`
# takes all steps, on both databases.
_STEPS: Final = {
    # The announcement's, after the card of the proposal.
    "approved": ("after commit of approve_proposal #1", "after chat.postMessage #2"),
    "sent back": ("after commit of request_changes #1",),
    "withdrawn": ("after commit of withdraw_proposal #1",),
    "retired": ("after commit of retire_entry #1",),
    "rebased": ("after commit of approve_proposal #1",),
    "contested": ("after commit of open_revision #1",),
    "overtaken": ("after commit of save_form #1",),
}


def test_a_kill_at_a_step_leaves_nothing_half_done_lost_or_sent_twice(
    sqlite_template: Path, tmp_path: Path
) -> None:
    database = Path(shutil.copy(sqlite_template, tmp_path / "opslore.db"))

    outcome = sweep(
        sqlite_url(database), tmp_path, {name: _only(steps) for name, steps in _STEPS.items()}
    )

    assert outcome.faults == []
    assert set(outcome.kills) == set(FLOWS)
    assert outcome.missed.total() == 0


def _only(steps: Sequence[str]) -> Callable[[Sweep, Flow], Sequence[str]]:
    return lambda *_: steps
