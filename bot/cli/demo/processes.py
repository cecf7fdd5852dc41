"""The processes of the demo: a sandbox and a bot, which end with it."""

import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import httpx

import bot
from bot.domain.errors import OpsloreError
from sandbox import Driver, Timing
from sandbox.client import NO_TLS

T = TypeVar("T")

# The bot takes up to 10 seconds to finish.
_END_SECONDS: Final = 12.0
_TAIL: Final = 30
# Each look at the bot's figures costs it a moment.
_POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How the processes of the demo are started. Tests are more patient than people.

    `bot`: the bot's module and its arguments. `slack`: how long the sandbox waits for the bot.
    """

    bot: tuple[str, ...] = ("bot.cli.demo.clocked",)
    slack: Timing = field(default_factory=Timing)
    start_seconds: float = 30.0

    @property
    def sandbox(self) -> tuple[str, ...]:
        """The sandbox's module and its arguments."""
        waits = (
            f"--ack-seconds={self.slack.ack_seconds}",
            f"--trigger-seconds={self.slack.trigger_seconds}",
        )
        return ("sandbox", *waits, "--manifest", str(_manifest()))


class DemoError(OpsloreError):
    """A process of the demo failed. The text has the last lines of its log."""


@dataclass(frozen=True)
class Running:
    """A sandbox with a connected bot. `pages`: the address of the bot's health pages."""

    driver: Driver
    url: str
    pages: str
    start_seconds: float

    def settle(self) -> None:
        """Wait until the bot has sent everything in its outbox, as long as it gets on with it.

        Raises:
            TimeoutError: it stopped sending.
        """
        fewest, deadline = math.inf, 0.0
        while waiting := self._waiting():
            if waiting < fewest:
                fewest, deadline = waiting, time.monotonic() + self.start_seconds
            elif time.monotonic() >= deadline:
                raise TimeoutError(f"nothing was sent within {self.start_seconds} seconds")
            time.sleep(_POLL_SECONDS)

    def _waiting(self) -> int:
        page = httpx.get(f"{self.pages}/metrics", trust_env=False, verify=NO_TLS).text
        match = re.search(r"^opslore_outbox_waiting (\d+)$", page, re.MULTILINE)
        return int(match[1]) if match else 0


@contextmanager
def running(launch: Launch = Launch()) -> Iterator[Running]:
    """Start both in a temporary folder, and always end them and remove it afterwards.

    Raises:
        DemoError: one of them didn't start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="opslore-demo-")))
        sandbox = stack.enter_context(_process(folder, "sandbox", launch.sandbox, {}, launch))
        sandbox.wait_for_line(r"^SANDBOX_URL=")
        tokens = dict(re.findall(r"^(\w+)=(.*)$", sandbox.log.read_text(), re.MULTILINE))
        settings = {
            **tokens,
            "DATABASE_URL": f"sqlite:///{folder / 'opslore.db'}",
            "OPSLORE_MODE": "socket",
            "OPSLORE_PORT": "0",
        }
        process = stack.enter_context(_process(folder, "bot", launch.bot, settings, launch))
        port = process.wait_for_line(r" listening port=(\d+)")
        driver = stack.enter_context(Driver.connect(tokens["SANDBOX_URL"]))
        process.until(lambda: driver.sockets() > 0)
        try:
            pages = f"http://127.0.0.1:{port}"
            yield Running(driver, tokens["SANDBOX_URL"], pages, launch.start_seconds)
        except (TimeoutError, httpx.HTTPError) as error:
            raise DemoError(f"The demo stopped: {error}.\n{process.tail()}") from error


@dataclass(frozen=True)
class _Process:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    start_seconds: float

    def wait_for_line(self, pattern: str) -> str:
        """Wait for a line of its log, and return the pattern's first group, or "".

        Raises:
            DemoError: it ended, or didn't log such a line in time.
        """
        match = self.until(lambda: re.search(pattern, self.log.read_text(), re.MULTILINE))
        return "".join(match.groups()[:1]) if match else ""

    def until(self, happened: Callable[[], T]) -> T:
        """Wait until `happened` returns something true, and return that.

        Raises:
            DemoError: the process ended, or it took too long.
        """

        def look() -> T:
            result = happened()
            if not result and self.process.poll() is not None:
                raise DemoError(f"The {self.name} exited as it started.\n{self.tail()}")
            return result

        try:
            return Driver.until(look, self.start_seconds)
        except TimeoutError as error:
            raise DemoError(f"The {self.name} didn't start in time.\n{self.tail()}") from error

    def tail(self) -> str:
        """Return the last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_TAIL:])


@contextmanager
def _process(
    folder: Path, name: str, module: Sequence[str], settings: Mapping[str, str], launch: Launch
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
            # Ctrl-C must reach only the demo, which ends them in order.
            start_new_session=True,
        )
    try:
        yield _Process(name, process, log, launch.start_seconds)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _surroundings() -> dict[str, str]:
    """Return the environment without the settings of another Opslore and without proxies."""
    ours = ("SLACK_", "OPSLORE_", "DATABASE_URL")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and not name.lower().endswith("_proxy")
    }


def _manifest() -> Path:
    """Return the app's manifest: in an installed package, or in the folder above the sources."""
    package = Path(bot.__file__).parent
    installed = package / "manifest.yml"
    return installed if installed.exists() else package.parent / "manifest.yml"
