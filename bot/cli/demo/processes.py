"""Sandbox and bot, each a process of its own that ends with the demo."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import httpx

import bot
from bot.domain.errors import OpsloreError
from sandbox import Driver
from sandbox.client import NO_TLS

T = TypeVar("T")

_START_SECONDS: Final = 30.0
# The bot gives what it is doing 10 seconds.
_END_SECONDS: Final = 12.0
_TAIL: Final = 30
_SANDBOX: Final = ["sandbox", "--manifest"]
_BOT: Final = ["bot.cli.demo.clocked"]


class DemoError(OpsloreError):
    """A process of the demo did not do its part; says what it logged last."""


@dataclass(frozen=True)
class Running:
    """A sandbox with the bot connected to it. `pages`: where the bot tells how it is."""

    driver: Driver
    url: str
    pages: str

    def settle(self) -> None:
        """Wait until the bot has told everything that it has to tell.

        Raises:
            TimeoutError: it takes longer than it should.
        """
        self.driver.until(lambda: self._waiting() == 0, _START_SECONDS)

    def _waiting(self) -> int:
        page = httpx.get(f"{self.pages}/metrics", trust_env=False, verify=NO_TLS).text
        found = re.search(r"^opslore_outbox_waiting (\d+)$", page, re.MULTILINE)
        return int(found[1]) if found else 0


@contextmanager
def running() -> Iterator[Running]:
    """Start both in a temporary folder; end them and remove it afterwards, whatever happens.

    Raises:
        DemoError: one of them did not start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="opslore-demo-")))
        sandbox = stack.enter_context(
            _process(folder, "sandbox", [*_SANDBOX, str(_manifest())], {})
        )
        sandbox.says(r"^SANDBOX_URL=")
        tokens = dict(re.findall(r"^(\w+)=(.*)$", sandbox.log.read_text(), re.MULTILINE))
        settings = {
            **tokens,
            "DATABASE_URL": f"sqlite:///{folder / 'opslore.db'}",
            "OPSLORE_MODE": "socket",
            "OPSLORE_PORT": "0",
        }
        process = stack.enter_context(_process(folder, "bot", _BOT, settings))
        port = process.says(r" listening port=(\d+)")
        driver = stack.enter_context(Driver.connect(tokens["SANDBOX_URL"]))
        process.until(lambda: driver.sockets() > 0)
        try:
            yield Running(driver, tokens["SANDBOX_URL"], f"http://127.0.0.1:{port}")
        except (TimeoutError, httpx.HTTPError) as error:
            raise DemoError(f"The demo stopped: {error}.\n{process.tail()}") from error


@dataclass(frozen=True)
class _Process:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def says(self, pattern: str) -> str:
        """Wait for a line of its log; returns the pattern's first group, or "".

        Raises:
            DemoError: it ended, or said no such thing in time.
        """
        found = self.until(lambda: re.search(pattern, self.log.read_text(), re.MULTILINE))
        return "".join(found.groups()[:1]) if found else ""

    def until(self, happened: Callable[[], T]) -> T:
        """Wait for what its start brings about.

        Raises:
            DemoError: it ended, or that did not happen in time.
        """

        def look() -> T:
            found = happened()
            if not found and self.process.poll() is not None:
                raise DemoError(f"The {self.name} exited as it started.\n{self.tail()}")
            return found

        try:
            return Driver.until(look, _START_SECONDS)
        except TimeoutError as error:
            raise DemoError(f"The {self.name} didn't start in time.\n{self.tail()}") from error

    def tail(self) -> str:
        """The last lines that it logged."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_TAIL:])


@contextmanager
def _process(
    folder: Path, name: str, module: list[str], settings: Mapping[str, str]
) -> Iterator[_Process]:
    log = folder / f"{name}.log"
    with log.open("wb") as written:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            [sys.executable, "-m", *module],
            cwd=folder,
            env={**_surroundings(), **settings},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for the demo, which ends them in order.
            start_new_session=True,
        )
    try:
        yield _Process(name, process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _surroundings() -> dict[str, str]:
    """The environment without what is set for another Opslore, or would lead loopback astray."""
    ours = ("SLACK_", "OPSLORE_", "DATABASE_URL")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and not name.lower().endswith("_proxy")
    }


def _manifest() -> Path:
    """The app's manifest: beside the package where it is installed, above it in the sources."""
    package = Path(bot.__file__).parent
    installed = package / "manifest.yml"
    return installed if installed.exists() else package.parent / "manifest.yml"
