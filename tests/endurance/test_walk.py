"""The walk: one part of it, and its report of missing and failed acts."""

from pathlib import Path

from tests.endurance.walk.coverage import Coverage, find_missing
from tests.endurance.walk.parts import PARTS
from tests.endurance.walk.play import Part, play_part
from tests.endurance.walk.stage import Walk
from tests.support.databases import sqlite_url


def test_a_part_runs_with_the_bot_as_a_process(tmp_path: Path) -> None:
    found = play_part(PARTS["capture"], "socket", sqlite_url(tmp_path / "opslore.db"), tmp_path)

    assert found.faults == []
    assert found.seen == 6
    assert found.coverage.commands == {"record"}


def test_a_broken_promise_is_reported(tmp_path: Path) -> None:
    def play(walk: Walk) -> None:
        walk.ask(walk.ana, "/lore help", "no such words")

    found = play_part(Part(play=play), "http", sqlite_url(tmp_path / "opslore.db"), tmp_path)

    [fault] = found.faults
    assert "/lore help was answered" in fault


def test_an_act_that_no_one_did_is_reported() -> None:
    left = find_missing(Coverage(commands={"help"}))

    assert [each.split()[1] for each in left] == ["command", "button", "form", "event"]
    assert "help" not in left[0]
    assert "approve" in left[1]
