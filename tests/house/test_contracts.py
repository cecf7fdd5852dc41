"""The contracts bite: each is broken on purpose in a copy of the source, and must be reported."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CONFIGURATION: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS: Final = {
    contract["name"]: contract for contract in CONFIGURATION["tool"]["importlinter"]["contracts"]
}
# Each name of a contract is written as in pyproject.toml.
ONE_WAY: Final = "Imports go one way"
STEPS: Final = "Use cases build on the steps inside a transaction"
NO_CYCLES: Final = "No two parts import each other"
STANDARD_LIBRARY: Final = "The domain needs the standard library only"
NO_SLACK: Final = "Use cases and the store know nothing of Slack, of HTTP or of templates"
NO_SQL: Final = "Only the store knows SQL"
ABOVE: Final = "Above the use cases, of the store only the store itself and its errors"
LISTENERS: Final = "Listeners ask use cases, and never the store"
TERMINAL: Final = "The terminal may also look after the database"
SANDBOX: Final = "The sandbox is no part of the bot"
DEMO: Final = "Nothing but the demo knows the sandbox"

# A module, a line that it must not contain, and the contracts that refuse it.
IMPORTS: Final = [
    ("bot.domain.gaps", "import httpx", {STANDARD_LIBRARY}),
    ("bot.domain.gaps", "import requests", {STANDARD_LIBRARY}),
    ("bot.domain.gaps", "import slack_sdk", {STANDARD_LIBRARY}),
    ("bot.domain.gaps", "import bot.slack.ids", {STANDARD_LIBRARY, ONE_WAY}),
    ("bot.usecases.home", "import httpx", {NO_SLACK}),
    ("bot.usecases.home", "import slack_bolt", {NO_SLACK}),
    ("bot.usecases.home", "import templates", {NO_SLACK}),
    ("bot.usecases.home", "import bot.slack.ids", {ONE_WAY}),
    ("bot.usecases.home", "import bot.deps", {ONE_WAY}),
    ("bot.usecases.home", "import storage.tables.nudges", {NO_SQL}),
    ("bot.usecases.home", "import sqlalchemy", {NO_SQL}),
    ("bot.usecases.steps.outbox", "import bot.usecases.entries.record", {STEPS}),
    ("bot.usecases.review.reminders", "import bot.usecases.review.nudges", {NO_CYCLES}),
    ("storage.entry_rows", "import storage.entries", {NO_CYCLES}),
    ("storage.entries", "import slack_sdk", {NO_SLACK}),
    ("storage.entries", "import bot.usecases.home", {ONE_WAY}),
    ("bot.listeners.home", "import storage.tables.review", {ABOVE, LISTENERS, NO_SQL}),
    ("bot.listeners.home", "import storage.entries", {ABOVE, LISTENERS}),
    ("bot.listeners.home", "import storage.store", {LISTENERS}),
    ("bot.listeners.home", "import bot.outbox.sender", {ONE_WAY}),
    ("bot.listeners.home", "import sandbox.clock", {DEMO}),
    ("bot.outbox.sender", "import storage.store", {LISTENERS}),
    ("bot.outbox.sender", "import storage.outbox", {ABOVE, LISTENERS}),
    ("bot.jobs", "import storage.duties", {ABOVE}),
    ("bot.deps", "import bot.listeners.guard", {ONE_WAY}),
    ("bot.cli.audit", "import storage.entries", {TERMINAL}),
    ("bot.cli.audit", "import sandbox.clock", {DEMO}),
    ("sandbox.clock", "import bot.domain.gaps", {SANDBOX}),
    ("sandbox.clock", "import slack_sdk", {SANDBOX}),
]
# A module, a line, and the name that ruff bans there.
BANNED: Final = [
    ("bot.domain.gaps", "NOW = datetime.now(UTC)", "datetime.datetime.now"),
    ("bot.usecases.home", "NOW = datetime.utcnow()", "datetime.datetime.utcnow"),
    ("bot.listeners.home", "TODAY = date.today()", "datetime.date.today"),
    ("bot.slack.ids", "NOW = time.time()", "time.time"),
    ("bot.usecases.home", "HOME = os.environ['HOME']", "os.environ"),
    ("storage.engine", "HOME = os.getenv('HOME')", "os.getenv"),
]


@pytest.fixture(scope="module")
def copied_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of everything that the contracts are about."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("bot", "storage", "sandbox", "templates", "tests/house"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def test_the_copied_source_keeps_every_contract(copied_source: Path) -> None:
    assert _broken(copied_source) == {}
    ruff = _run_ruff(copied_source, "bot", "storage", "sandbox")
    assert ruff.returncode == 0, ruff.stdout


@pytest.mark.parametrize(("module", "line", "contracts"), IMPORTS)
def test_a_planted_import_is_reported(
    copied_source: Path, module: str, line: str, contracts: set[str]
) -> None:
    with _planted(copied_source, module, line):
        broken = _broken(copied_source)

    assert contracts <= broken.keys()
    for contract in contracts:
        # A cycle is reported as `.reminders -> .nudges`.
        assert f"{module.rpartition('.')[2]} " in broken[contract]
        assert line.rpartition(".")[2].removeprefix("import ") in broken[contract]


@pytest.mark.parametrize(("module", "line", "name"), BANNED)
def test_a_planted_clock_or_environment_is_reported(
    copied_source: Path, module: str, line: str, name: str
) -> None:
    imports = "import os\nimport time\nfrom datetime import UTC, date, datetime\n"
    with _planted(copied_source, module, f"{imports}{line}") as path:
        ruff = _run_ruff(copied_source, str(path.relative_to(copied_source)))

    assert f"TID251 `{name}` is banned" in ruff.stdout


def test_every_contract_and_every_ban_is_broken_on_purpose() -> None:
    bans = CONFIGURATION["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    assert set(CONTRACTS) == {name for _, _, names in IMPORTS for name in names}
    assert set(bans) == {name for _, _, name in BANNED}


def test_the_bot_has_at_most_eight_layers() -> None:
    assert len(CONTRACTS[ONE_WAY]["layers"]) <= 8


@contextmanager
def _planted(folder: Path, module: str, line: str) -> Iterator[Path]:
    path = folder / f"{module.replace('.', '/')}.py"
    text = path.read_text("utf-8")
    path.write_text(f"{text}\n{line}\n", "utf-8")
    try:
        yield path
    finally:
        path.write_text(text, "utf-8")


def _broken(folder: Path) -> dict[str, str]:
    """Return what `lint-imports` says of each broken contract, by name."""
    command = "from importlinter.cli import lint_imports_command as run; run()"
    linter = _run(folder, "-c", command, "--cache-dir", str(folder / ".import_linter_cache"))
    names = [name for name in CONTRACTS if f"{name} BROKEN" in linter.stdout]
    assert linter.returncode == bool(names), linter.stdout + linter.stderr
    reports = linter.stdout.partition("Broken contracts")[2]
    headings = "|".join(map(re.escape, names))
    parts = re.split(rf"^({headings})\n-+\n", reports, flags=re.MULTILINE)[1:] if names else []
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _run_ruff(folder: Path, *paths: str) -> subprocess.CompletedProcess[str]:
    return _run(
        folder,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--select=TID251",
        "--output-format=concise",
        *paths,
    )


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - tools of ours on a copy of our files
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
