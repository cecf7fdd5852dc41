"""`opslore listen`: its options, what it writes, and how it ends."""

import argparse
import json
import re
import signal
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.cli.listen.command import listen
from bot.cli.listen.entries import RecordedEntry
from bot.cli.listen.heard import Ear
from bot.cli.listen.options import add_options
from bot.domain.errors import InvalidInputError
from bot.domain.listening.conversation import Said
from tests.support.ears import WordEar
from tests.support.exports import account, message, write_export
from tests.support.listen_formats import GAP, MESSAGE, SEARCH

USERS = [account("U0ANA0001", "ana"), account("U0BEN0001", "ben"), account("U0LEA0001", "lea")]
DAYS: dict[str, object] = {
    "ops/2026-03-02": [
        message("U0ANA0001", "1772445600.000100", "the hub is down again"),
        message(
            "U0BEN0001",
            "1772445660.000100",
            "restart it, <@U0ANA0001>, password: hunter2secret9",
            thread_ts="1772445600.000100",
        ),
        message("U0LEA0001", "1772449200.000100", "lunch?"),
    ],
    "ops/2026-03-09": [
        message("U0LEA0001", "1773050400.000100", "hub <script>alert(1)</script> & question"),
        message("U0BEN0001", "1773050460.000100", "restart", thread_ts="1773050400.000100"),
    ],
    "oncall/2026-03-16": [
        message("U0ANA0001", "1773655200.000100", "vpn: a decision, an escalation, a handoff"),
    ],
}
ENTRIES = [
    {"key": "DEC-1", "kind": "decision", "title": "vpn access", "fields": {"rule": "ask lea"}},
    {"key": "ESC-2", "kind": "escalation", "title": "page", "fields": {"levels": [{"x": 1}]}},
]
NESTED = json.loads("[" * 500 + "]" * 500)


class Run:
    """The command on a small export, with a listener that hears words."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ear = WordEar(["hub", "vpn"])
        self.export = write_export(
            folder / "export.zip",
            DAYS,
            users=USERS,
            channels=[{"id": "C00000001", "name": "ops"}, {"id": "C00000002", "name": "oncall"}],
        )

    def __call__(self, *arguments: str) -> int:
        parser = argparse.ArgumentParser()
        add_options(parser)
        words = [str(self.folder / word[2:]) if word[:2] == "./" else word for word in arguments]
        return listen(parser.parse_args([str(self.export), *words]), self.make)

    def make(self, entries: Sequence[RecordedEntry], _people: object) -> Ear:
        self.ear.entries = entries
        return self.ear

    def write(self, name: str, content: object) -> str:
        (self.folder / name).write_text(json.dumps(content), "utf-8")
        return f"./{name}"

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / name).read_text("utf-8").splitlines()]

    def page(self, name: str = "opslore-report.html") -> str:
        return (self.folder / name).read_text("utf-8")

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_the_page_is_written_beside_the_export(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 0

    assert run.files == {"export.zip", "opslore-report.html"}
    assert str(run.folder / "opslore-report.html") in capsys.readouterr().out
    assert run.ear.said[0].text == "the hub is down again"
    # It quotes what people wrote.
    assert (run.folder / "opslore-report.html").stat().st_mode & 0o077 == 0


def test_json_has_an_object_for_each_message_and_each_gap(run: Run) -> None:
    entries = run.write("entries.json", ENTRIES)

    assert run("--json", "./out.jsonl", "--entries", entries, "--html", "./page.html") == 0

    *messages, gap = run.lines("out.jsonl")
    for line in messages:
        jsonschema.validate(line, MESSAGE)
    jsonschema.validate(gap, GAP)
    assert [(line["channel"], line["ts"]) for line in messages] == [
        ("ops", "1772445600.000100"),
        ("ops", "1772445660.000100"),
        ("ops", "1772449200.000100"),
        ("ops", "1773050400.000100"),
        ("ops", "1773050460.000100"),
        ("oncall", "1773655200.000100"),
    ]
    assert messages[1]["prompt"] == {"to": "U0BEN0001", "kind": "decision", "entry": None, "gap": 1}
    assert messages[3]["score"] == 0.8765
    assert messages[5]["covered_by"] == "DEC-1"
    assert gap["threads"] == [["ops", "1772445600.000100"], ["ops", "1773050400.000100"]]
    assert gap["answerer"] == "U0BEN0001"
    assert run.files == {"export.zip", "entries.json", "out.jsonl", "page.html"}


def test_a_search_writes_its_results_and_an_empty_list_where_it_abstains(run: Run) -> None:
    entries = run.write("entries.json", ENTRIES)
    queries = run.write("queries.json", [{"q": "vpn broken", "answer": "DEC-1"}, "lunch"])

    assert run("--entries", entries, "--queries", queries, "--search", "./found.jsonl") == 0

    lines = run.lines("found.jsonl")
    for line in lines:
        jsonschema.validate(line, SEARCH)
    assert lines == [
        {"q": "vpn broken", "results": [{"key": "DEC-1", "score": 0.3333}]},
        {"q": "lunch", "results": []},
    ]


def test_only_wanted_channels_and_days_are_heard(run: Run) -> None:
    assert run("--channels", "#ops", "--since", "2026-03-03", "--until", "2026-03-09") == 0
    assert [said.text[:3] for said in run.ear.said] == ["hub", "res"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--channels", "nowhere"], "No chat was found"),
        (["--channels", "ops,nowhere"], "No chat was found in nowhere"),
        (["--since", "2027-01-01"], "No chat was found"),
        (["--since", "2026-03-03", "--until", "2026-03-08"], "holds no message"),
        (["--queries", "./export.zip"], "belong together"),
        (["--search", "./found.jsonl"], "belong together"),
        (["--json", "./missing/out.jsonl"], "can't be written"),
        (["--html", "./"], "is a folder"),
        (["--html", "./export.zip"], "export.zip is named twice"),
        (["--html", "./out", "--json", "./out"], "out is named twice"),
        (["--entries", "./export.zip"], "isn't JSON"),
        (["--entries", "./missing.json"], "can't be read"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_written(
    run: Run, arguments: list[str], why: str
) -> None:
    with pytest.raises(InvalidInputError, match=re.escape(why)):
        run(*arguments)
    assert run.files == {"export.zip"}


def test_an_export_of_which_nothing_can_be_read_says_why(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    write_export(run.folder / "export.zip", {"ops/2026-03-02": "[{"}, users=[])

    with pytest.raises(InvalidInputError, match="holds no message"):
        run()

    assert "ops/2026-03-02.json: it isn't JSON" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("text", "entry 1: it must be an object"),
        ({"kind": "decision", "title": "a", "fields": {}}, "entry 1: key is missing"),
        ({"key": "X-1", "kind": "decision", "title": "a", "fields": {}}, "must look like DEC-12"),
        ({"key": "DEC-1", "kind": "rule", "title": "a", "fields": {}}, "must be decision"),
        ({"key": "DEC-1", "kind": "decision", "title": " ", "fields": {}}, "title is missing"),
        ({"key": "DEC-1", "kind": "decision", "title": "a"}, "fields must be an object"),
        ({"key": "DEC-1", "kind": "decision", "title": "a", "fields": {"rule": 7}}, "fields must"),
        (
            {"key": "DEC-1", "kind": "decision", "title": "a", "fields": {"rule": NESTED}},
            "fields have too many lists within lists",
        ),
    ],
)
def test_a_wrong_entry_is_named_with_its_place(run: Run, entry: object, why: str) -> None:
    with pytest.raises(InvalidInputError, match=re.escape(why)):
        run("--entries", run.write("entries.json", [entry]))


def test_an_entry_that_is_there_twice_is_refused(run: Run) -> None:
    with pytest.raises(InvalidInputError, match="entry 2: DEC-1 is there twice"):
        run("--entries", run.write("entries.json", [ENTRIES[0], ENTRIES[0]]))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let Ctrl-C interrupt, also where the tests were started in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Pressed(WordEar):
    """A listener during which someone presses Ctrl-C once, or twice."""

    presses: int = 1

    def hear(self, messages: Iterable[Said], /) -> Iterator[Said]:
        for said in super().hear(messages):
            yield said
            if len(self.said) == 4:
                for _ in range(self.presses):
                    signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_the_reading_and_writes_what_was_found(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run.ear = Pressed(["hub"])

    assert run("--json", "./out.jsonl") == 130

    assert [line["ts"] for line in run.lines("out.jsonl") if "ts" in line] == [
        "1772445600.000100",
        "1772445660.000100",
        "1772449200.000100",
        "1773050400.000100",
    ]
    assert "The reading was stopped on Mar 9, 2026" in run.page()
    assert "Press Ctrl-C again to stop at once." in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("interruptible")
def test_a_second_ctrl_c_stops_at_once_and_leaves_nothing(run: Run) -> None:
    run.ear = Pressed(["hub"])
    run.ear.presses = 2
    with pytest.raises(KeyboardInterrupt):
        run("--json", "./out.jsonl")
    assert run.files == {"export.zip"}
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_files_that_fail_to_be_written_stay_as_they_were(run: Run) -> None:
    class Failing(WordEar):
        def matters(self) -> list[Any]:
            raise RuntimeError("broken")

    (run.folder / "out.jsonl").write_text("earlier")
    run.ear = Failing(["hub"])
    with pytest.raises(RuntimeError):
        run("--json", "./out.jsonl")
    assert (run.folder / "out.jsonl").read_text() == "earlier"
    assert run.files == {"export.zip", "out.jsonl"}


def test_damaged_files_are_named_at_the_end_and_on_the_page(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    days = {**DAYS, **{f"ops/2026-04-{day:02}": "[{" for day in range(1, 13)}}
    write_export(run.export, days, users=USERS)

    assert run() == 0

    printed = capsys.readouterr().err
    assert "12 faults in the export, skipped:" in printed
    assert "  ops/2026-04-01.json: it isn't JSON" in printed
    assert "  and 2 more" in printed
    assert "ops/2026-04-12.json" in run.page()


def test_the_page_shows_text_as_text_names_people_and_masks_secrets(run: Run) -> None:
    run()
    page = run.page()

    assert "<script>alert" not in page
    assert "hub &lt;script&gt;alert(1)&lt;/script&gt; &amp; question" in page
    assert "restart it, @Ana, password: [secret masked]" in page
    assert "hunter2secret9" not in page
    assert "U0ANA0001" not in page


def test_json_masks_secrets_in_drafts(run: Run) -> None:
    days = {
        "ops/2026-03-02": [
            message("U0ANA0001", "1772445600.000100", "hub password: hunter2secret9"),
            message("U0LEA0001", "1772449200.000100", "hub"),
        ]
    }
    write_export(run.export, days, users=USERS)
    run("--json", "./out.jsonl")
    assert "hunter2secret9" not in (run.folder / "out.jsonl").read_text("utf-8")


def test_half_a_character_in_a_search_is_written_as_an_escape(run: Run) -> None:
    run("--queries", run.write("queries.json", ["\ud83d hub"]), "--search", "./found.jsonl")

    assert run.lines("found.jsonl")[0]["q"] == "\ud83d hub"


def test_the_page_loads_nothing_from_elsewhere(run: Run) -> None:
    run()
    page = run.page()
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*", page) == []
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src &#39;none&#39;" in page


def test_a_long_export_is_read_in_little_memory(tmp_path: Path) -> None:
    class Forgetful(WordEar):
        def hear(self, messages: Iterable[Said], /) -> Iterator[Said]:
            for said in messages:
                self.said = [said]
                yield said

    run = Run(tmp_path)
    run.ear = Forgetful(["hub"])
    text = "the same words again and again " * 30
    days = {
        f"ops/{2000 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}": [
            message("U0ANA0001", f"1{n:05}{m:04}.000100", text) for m in range(100)
        ]
        for n in range(200)
    }
    write_export(run.export, days, users=USERS)
    tracemalloc.start()
    try:
        assert run() == 0
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(len(text) for _ in range(20_000)) > 5 * peak
