"""The bot and the sandbox as separate processes, as in production."""

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Self

import httpx

from sandbox import Driver
from sandbox.client import NO_TLS

ROOT = Path(__file__).parents[2]
# On a busy machine the bot may take longer than Slack waits, and the test shouldn't fail.
_ARGUMENTS = ("--manifest", "manifest.yml", "--ack-seconds", "60", "--trigger-seconds", "60")
_PATIENCE = 120
RUN = ("-m", "bot.cli", "run")


PORTS = range(20_000, 32_000)


def free_port(among: range = PORTS) -> int:
    """Return a port that was free a moment ago, for a process that is told its port.

    Linux gives ports from 32768 on to those who ask for any (ip_local_port_range). This one is
    lower, so that no other test gets it first.
    """
    for port in random.sample(among, min(len(among), 100)):
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    raise OSError("none of the ports that were tried is free")


class BotProcess:
    """`opslore run` in a process, with its health pages."""

    def __init__(
        self,
        environment: Mapping[str, str],
        database_url: str,
        folder: Path,
        command: Sequence[str] = RUN,
    ) -> None:
        self.port = int(environment.get("OPSLORE_PORT") or free_port())
        self.log = folder / "bot.log"
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            **environment,
            "DATABASE_URL": database_url,
            "OPSLORE_PORT": str(self.port),
            "OPSLORE_LOG_LEVEL": "DEBUG",
        }
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it, and append its log to the file."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a command of ours
                [sys.executable, *self._command],
                env=self._environment,
                cwd=self.log.parent,
                stdout=log,
                stderr=log,
            )
        return self

    @property
    def running(self) -> bool:
        """Return whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        assert self._process
        self._process.send_signal(number)

    def is_frozen(self) -> bool:
        """Return whether the process was stopped and waits for SIGCONT."""
        assert self._process
        status = Path(f"/proc/{self._process.pid}/stat").read_text()
        return status.rpartition(")")[2].split()[0] == "T"

    def kill(self) -> None:
        """Kill the process, as a power cut does."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask the process to end, as a supervisor does, and return its exit code."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=_PATIENCE)

    def ended(self) -> int:
        """Wait until the process ends by itself, and return its exit code."""
        assert self._process
        return self._process.wait(timeout=_PATIENCE)

    def page(self, path: str) -> httpx.Response | None:
        """Return one of its pages; None if it doesn't answer."""
        try:
            return httpx.get(
                f"http://127.0.0.1:{self.port}{path}",
                trust_env=False,
                verify=NO_TLS,
                timeout=_PATIENCE,
            )
        except httpx.TransportError:
            return None

    def ready(self) -> bool:
        """Return whether the bot reports that it is ready."""
        found = self.page("/readyz")
        return found is not None and found.status_code == 200

    def until_ready(self) -> Self:
        """Wait until the bot reports that it is ready."""
        Driver.until(self.ready, _PATIENCE)
        return self

    def said(self) -> str:
        """Return the whole log."""
        return self.log.read_text()


@contextmanager
def bot_process(
    environment: Mapping[str, str],
    database_url: str,
    folder: Path,
    command: Sequence[str] = RUN,
) -> Iterator[BotProcess]:
    """Return a bot that isn't started yet, and end it after the test."""
    bot = BotProcess(environment, database_url, folder, command)
    try:
        yield bot
    finally:
        if bot.running:
            bot.kill()


@contextmanager
def sandbox_process(*arguments: str, log: IO[str] | None = None) -> Iterator[dict[str, str]]:
    """Run `python -m sandbox`, and yield the environment for a bot. `log`: its output."""
    process = subprocess.Popen(  # noqa: S603 - a command of ours
        [sys.executable, "-m", "sandbox", *_ARGUMENTS, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    assert process.stdout
    environment = {}
    try:
        for line in process.stdout:
            name, _, value = line.strip().partition("=")
            environment[name] = value
            if name == "SANDBOX_URL":
                break
        yield environment
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)
        process.stdout.close()
