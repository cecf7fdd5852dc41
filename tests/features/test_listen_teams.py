"""`opslore listen` as people run it, on the labeled chat of four teams."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.command_line import opslore
from tests.support.exports import TEAMS, export_chat, read_team
from tests.support.listen_formats import GAP, MESSAGE, SEARCH


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("team", ["harbor", "ledger", "parcel", "ward"])
def test_a_team_s_history_is_heard_from_its_export(tmp_path: Path, team: str) -> None:
    chat = read_team(TEAMS / team)
    made = export_chat(tmp_path / "export.zip", chat)

    done = opslore(
        *("listen", "export.zip", "--no-semantic", "--json", "heard.jsonl"),
        *("--entries", str(TEAMS / team / "entries.json")),
        *("--queries", str(TEAMS / team / "queries.json"), "--search", "found.jsonl"),
        env={},
        folder=tmp_path,
    )

    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    heard = lines(tmp_path / "heard.jsonl")
    messages, gaps = heard[: len(chat)], heard[len(chat) :]
    for line in messages:
        jsonschema.validate(line, MESSAGE)
    for line in gaps:
        jsonschema.validate(line, GAP)
    assert Counter((line["channel"], line["ts"]) for line in messages) == Counter(
        made.places.values()
    )
    threads = {tuple(thread) for gap in gaps for thread in gap["threads"]}
    assert threads <= set(made.places.values())
    numbers = {gap["gap_summary"] for gap in gaps}
    assert numbers
    assert {line["gap"] for line in messages} - {None} == numbers
    assert {line["prompt"]["gap"] for line in messages if line["prompt"]} - {None} <= numbers
    found = lines(tmp_path / "found.jsonl")
    for line in found:
        jsonschema.validate(line, SEARCH)
    queries = json.loads((TEAMS / team / "queries.json").read_text("utf-8"))
    assert [line["q"] for line in found] == [query["q"] for query in queries]
    page = (tmp_path / "opslore-report.html").read_text("utf-8")
    assert "no entry covers them" in page


def test_help_lists_the_command_and_its_options(tmp_path: Path) -> None:
    assert "listen" in opslore("--help", env={}, folder=tmp_path).stdout
    shown = opslore("listen", "--help", env={}, folder=tmp_path).stdout
    for option in ("--html", "--json", "--entries", "--queries", "--semantic", "--since"):
        assert option in shown


def test_a_path_that_is_no_export_is_refused_in_one_line(tmp_path: Path) -> None:
    done = opslore("listen", "nowhere.zip", env={}, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no file nowhere.zip.\n"
    assert list(tmp_path.iterdir()) == []
