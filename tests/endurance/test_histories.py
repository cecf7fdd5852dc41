"""A hundred steps of random histories. For thousands: `python -m tests.endurance.histories`."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from bot.usecases.approval import approve
from bot.usecases.steps import changes
from storage.entries import Entries
from storage.search import index
from storage.store import Store
from tests.endurance.histories.play import play
from tests.support.databases import sqlite_url

STEPS = 100


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """Return a store on SQLite; it behaves the same on every database, so one is enough."""
    opened = Store.open(sqlite_url(Path(copy(sqlite_template, tmp_path / "opslore.db"))))
    yield opened
    opened.close()


def test_the_history_matches_its_replay_whatever_people_do(store: Store) -> None:
    tally = play(store, STEPS, seeded=20260302)

    assert tally.steps >= STEPS
    assert tally.landings > 2 * tally.workspaces
    assert len(tally.done) > 12, tally.done
    assert len(tally.refused) > 12, tally.refused
    assert tally.done["approve"]
    assert tally.done["erase"]


def _unruly(*_: Any, **__: Any) -> None:  # noqa: ANN401 - in the place of any function
    """Refuse no one, or skip a required step."""


@pytest.mark.parametrize(
    ("where", "name"),
    [(approve, "refusal"), (changes, "_rebase"), (index, "write"), (Entries, "_link")],
)
def test_the_replay_notices_a_fault(
    file: Store, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    """The faults: anyone can approve, nothing is rebased, or search finds nothing."""
    monkeypatch.setattr(where, name, _unruly)

    with pytest.raises(AssertionError):
        play(file, 20 * STEPS, seeded=1)
