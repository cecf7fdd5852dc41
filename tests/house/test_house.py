"""The house rules that a machine can keep: names, sizes, layers, types, and no leftovers."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from bot.domain.kinds import FIELDS, Kind
from bot.slack import ids
from tests.support.registrations import registrations

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "storage", "sandbox", "templates", "tests")
# A module past this has a second subject. A file of tests is one use case in many sentences.
LONGEST = {"tests": 800}
LONGEST_MODULE = 350
# Modules that may be longer, and why.
LONGER = {
    "storage/migrations/versions/0001_first_tables.py": "written once, and then history",
}


def files(*endings: str) -> Iterator[Path]:
    """The project's own text, without what tools and virtual environments leave."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and path.suffix in endings and "__pycache__" not in path.parts:
                yield path


def documents() -> Iterator[Path]:
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))
    for name in ("pyproject.toml", "manifest.yml", "Makefile", ".ci/run"):
        if (ROOT / name).exists():
            yield ROOT / name


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"util", "utils", "helper", "helpers", "common", "misc", "base", "core", "shared"}
    assert [path for path in files(".py") if path.stem in drawers] == []


def test_no_file_is_long() -> None:
    long = {}
    for path in files(".py", ".j2"):
        name = path.relative_to(ROOT).as_posix()
        lines = len(path.read_text("utf-8").splitlines())
        if lines > LONGEST.get(name.split("/")[0], LONGEST_MODULE) and name not in LONGER:
            long[name] = lines
    assert long == {}


def test_every_exception_is_still_one() -> None:
    for name in LONGER:
        assert len((ROOT / name).read_text("utf-8").splitlines()) > LONGEST_MODULE


def test_every_module_says_its_subject() -> None:
    silent = [
        path
        for path in files(".py")
        if path.read_text("utf-8").strip() and not ast.get_docstring(_parsed(path))
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("something left to do", r"\b(T[O]DO|F[I]XME|X[X]X)\b"),
        ("a path of one machine", r"(?<![\w.{}~])/(home|root|Users|work)/\w"),
        ("an ignored type without a code", r"# type: ignore(?!\[|\()"),
        ("a test that is left out", r"@pytest\.mark\.(skip|xfail)\b"),
    ],
)
def test_nothing_is_left_behind(what: str, pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*files(".py", ".j2", ".md"), *documents())
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == [], what


def test_no_test_waits_for_time_to_pass() -> None:
    waiting = [path for path in (ROOT / "tests").glob("test_*.py") if _sleeps(path)]
    assert waiting == []


def test_no_module_imports_a_test_module() -> None:
    """Helpers that tests share live in `tests/support`, in modules of their own."""
    importing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (getattr(node, "module", None) or "", *(alias.name for alias in node.names))
        if any(part.startswith("test_") for part in name.split("."))
    ]
    assert importing == []


def test_no_test_overwrites_a_constant() -> None:
    """A field of `Settings`, `Timeouts` or `BatchSizes` holds each value that tests change."""
    overwritten = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "setattr"
        for argument in node.args[:2]
        if isinstance(argument, ast.Constant)
        and re.fullmatch(r"([\w.]*\.)?_?[A-Z][A-Z0-9_]+", str(argument.value))
    ]
    assert overwritten == []


def test_every_exemption_has_its_reason() -> None:
    """On its own line after the code, or in the comment above."""
    bare = re.compile(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[^\]]*\])\s*$|# noqa\s*$")
    found = []
    for path in files(".py"):
        lines = path.read_text("utf-8").splitlines()
        found += [
            f"{path.relative_to(ROOT)}:{number + 1}"
            for number, line in enumerate(lines)
            if bare.search(line) and not lines[number - 1].strip().startswith("#")
        ]
    assert found == []


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for path in (*documents(), ROOT / "sandbox" / "README.md"):
        if path.suffix != ".md":
            continue
        links = re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
        broken += [
            f"{path.relative_to(ROOT)}: {link}"
            for link in links
            if not re.match(r"[a-z]+:", link) and not (path.parent / link).exists()
        ]
    assert broken == []


def test_every_document_is_found_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    named = {path.name for path in (ROOT / "docs").glob("*.md") if path.name != "index.md"}
    assert named == set(re.findall(r"\]\(([\w-]+\.md)\)", index))


def test_every_button_has_a_listener_and_every_listener_a_template() -> None:
    texts = [path.read_text("utf-8") for path in files(".j2")]
    shown = {name for text in texts for name in re.findall(r"\bids\.([A-Z_]+)", text)}
    buttons = {name for text in texts for name in re.findall(r"b\.button\(\s*ids\.([A-Z_]+)", text)}
    views = {
        name for text in texts for name in re.findall(r'callback_id": {{ ids\.([A-Z_]+)', text)
    }
    found = registrations()

    assert {getattr(ids, name) for name in buttons} <= found["action"]
    assert {getattr(ids, name) for name in views} == found["view"]
    listened = found["action"] | found["options"] | found["view"] | found["view_closed"]
    # An input of the entry's form bears the name of its field.
    fields = {field.name for kind in Kind for field in FIELDS[kind]}
    assert listened <= {getattr(ids, name) for name in shown} | fields


def test_every_id_is_used_by_a_template_and_by_the_code() -> None:
    """An input's id is read from the form; all others are listened to."""
    named = {name for name in vars(ids) if name.isupper()}
    shown = {n for p in files(".j2") for n in re.findall(r"\bids\.([A-Z_]+)", p.read_text("utf-8"))}
    read = {
        name
        for path in files(".py")
        if path.parts[-2] != "tests"
        for name in re.findall(r"\bids\.([A-Z_]+)", path.read_text("utf-8"))
    }
    # The shortcut stands in manifest.yml.
    fields = {field.name.upper() for kind in Kind for field in FIELDS[kind]}
    assert named - shown - fields == {"RECORD_SHORTCUT"}
    assert named - read == set()


def test_the_import_contracts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", cache_dir=None) == 0


def test_every_module_of_the_bot_has_its_layer() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    layers = text[text.index("layers = [") :].partition("\n]")[0]
    placed = set(re.findall(r"\bbot\.(\w+)", layers))
    modules = {path.stem for path in (ROOT / "bot").iterdir() if not path.name.startswith("__")}
    assert modules - {"manifest"} == placed


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]])
def test_ruff_finds_nothing(arguments: list[str]) -> None:
    _passes("ruff", *arguments, "--no-cache")


@pytest.mark.timeout(1200)  # Beside others, with nothing kept from an earlier run.
def test_mypy_finds_nothing() -> None:
    """Strict, over the bot, the store, the sandbox and the tests."""
    _passes("mypy")


def _passes(tool: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - a tool of ours on files of ours
        [sys.executable, "-m", tool, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _sleeps(path: Path) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "sleep"
        and isinstance(node.value, ast.Name)
        and node.value.id == "time"
        for node in ast.walk(_parsed(path))
    )


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
