"""Freeze one of two bots inside a transaction and check that the other continues.

Run it with `python -m tests.endurance.frozen --seconds 120`, on a PostgreSQL of its own.
"""

import argparse
import itertools
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from sandbox import Driver, Sandbox, Timing
from sandbox.seen import Channel
from tests.endurance.kills import (
    RETRIES,
    SETTLED_SECONDS,
    Load,
    Outcome,
    command,
    compare,
    is_quiet,
    record,
    talk,
)
from tests.support.postgresql import PostgreSQL
from tests.support.processes import ROOT, BotProcess, bot_process, free_port

# The leases are short, so that the frozen bot's claims expire soon. Once the file exists, the bot
# stops itself right before a commit, while its transaction holds every lock.
_FREEZES: str = """
import os, signal, sys
from pathlib import Path
from storage.audit import chain
append, flag = chain.append, Path(sys.argv[1])
def freeze(session, team):
    append(session, team)
    if flag.exists():
        flag.unlink()
        os.kill(os.getpid(), signal.SIGSTOP)
chain.append = freeze
from tests.support.short_lease import main
raise SystemExit(main())
"""
# A load balancer waits this long for a bot before it asks the other one.
_ANSWER_SECONDS = 1.0
# The others have to continue within 10 seconds. The limit here is longer for a busy machine.
_PATIENCE = 60


def freeze_one(database_url: str, folder: Path, *, seconds: float) -> Outcome:
    """Freeze one of two bots under load for this many seconds, and compare the result.

    The figures say how many seconds later the other bot first saved a form, posted a card,
    acknowledged a message and posted a digest.
    """
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        balancer = stack.enter_context(_balancer(ports))
        sandbox = stack.enter_context(
            Sandbox(
                ROOT / "manifest.yml", request_url=balancer, timing=Timing(retry_delays=RETRIES)
            )
        )
        driver = stack.enter_context(Driver(sandbox))
        flag = folder / "freeze"
        bots = []
        for number, port in enumerate(ports):
            environment = {**sandbox.environment, "OPSLORE_PORT": str(port)}
            own = folder / f"bot{number}"
            own.mkdir()
            arguments = ("-c", _FREEZES, str(flag if not number else folder / "never"))
            bot = stack.enter_context(bot_process(environment, database_url, own, arguments))
            bots.append(bot.start().until_ready())
        return _watch(driver, bots, database_url, flag, seconds)


def _watch(
    driver: Driver, bots: Sequence[BotProcess], database_url: str, flag: Path, seconds: float
) -> Outcome:
    frozen, other = bots
    people = [driver.person(name) for name in ("ana", "ben", "cleo")]
    channel = driver.channel("ops", members=people)
    night = driver.channel("night", members=people)
    for place in (channel, night):
        driver.invite_bot(place, by=people[0])
    load = Load(driver, channel, people)
    began = time.monotonic()
    threads = [load.run(act) for act in (talk, record, command)]
    driver.until(lambda: len(load.closed) > 2 or load.faults, _PATIENCE)
    flag.touch()
    driver.until(frozen.is_frozen, _PATIENCE)
    figures = {"frozen seconds": seconds, **_first_of_each(load, night, seconds)}
    frozen.signal(signal.SIGCONT)
    load.end(threads)
    driver.until(lambda: all(map(is_quiet, bots)), SETTLED_SECONDS)
    outcome = compare(load, database_url, 0, time.monotonic() - began, other)
    faults = list(outcome.faults)
    if "Traceback" in frozen.said():
        faults.append("the log of the frozen bot has a traceback")
    return Outcome({**figures, **outcome.figures}, faults)


def _first_of_each(load: Load, night: Channel, seconds: float) -> dict[str, float]:
    """Return the seconds from the freeze to the other bot's first act of each kind."""
    stopped = time.monotonic()
    tallies: dict[str, Callable[[], int]] = {
        "form saved": lambda: len(load.closed),
        "card posted": lambda: _posted(load, load.channel, "DEC-"),
        "message acknowledged": lambda: _acknowledged(load),
        "digest posted": lambda: _posted(load, night, "Weekly digest"),
    }
    before = {kind: tally() for kind, tally in tallies.items()}
    first: dict[str, float] = {}

    def all_happened() -> bool:
        if "digest posted" not in first:
            # There was no request in this channel before, so no earlier digest is on its way.
            load.people[2].slash(night, "/lore digest now")
        for kind, tally in tallies.items():
            if kind not in first and tally() > before[kind]:
                first[kind] = round(time.monotonic() - stopped, 1)
        return len(first) == len(tallies)

    load.driver.until(all_happened, _PATIENCE)
    load.stopping.wait(max(0.0, stopped + seconds - time.monotonic()))
    return {f"first {kind} after": after for kind, after in first.items()}


def _posted(load: Load, channel: Channel, start: str) -> int:
    return sum(each.text.startswith(start) for each in load.driver.messages(channel))


def _acknowledged(load: Load) -> int:
    return sum(each["acked"] for each in load.driver.deliveries() if each["type"] == "message")


@contextmanager
def _balancer(ports: Sequence[int]) -> Iterator[str]:
    """Run a load balancer that alternates between the bots and skips a silent one."""
    turns = itertools.cycle((list(ports), list(reversed(ports))))
    client = httpx.Client(trust_env=False, timeout=_ANSWER_SECONDS)

    class Forward(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name: value for name, value in self.headers.items() if name != "Host"}
            response = self._first_answer(body, headers)
            content = b"" if response is None else response.content
            self.send_response(502 if response is None else response.status_code)
            if response is not None and "content-type" in response.headers:
                self.send_header("Content-Type", response.headers["content-type"])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(ConnectionError):  # Slack waits no longer than 3 seconds.
                self.wfile.write(content)

        def _first_answer(self, body: bytes, headers: dict[str, str]) -> httpx.Response | None:
            for port in next(turns):
                try:
                    url = f"http://127.0.0.1:{port}{self.path}"
                    return client.post(url, content=body, headers=headers)
                except httpx.TransportError:
                    continue
            return None

        def log_message(self, *_: object) -> None:
            """Log no requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Forward)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/slack/events"
    finally:
        server.shutdown()
        server.server_close()
        client.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it and print the figures; exit with 1 if anything is lost, doubled or stuck."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.frozen", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    given = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="opslore-frozen-") as folder,
        PostgreSQL.running() as server,
        server.migrated() as url,
    ):
        outcome = freeze_one(url, Path(folder), seconds=given.seconds)
    for name, figure in outcome.figures.items():
        sys.stdout.write(f"{name:32}{figure:>8}\n")
    for fault in outcome.faults:
        sys.stdout.write(f"FAULT: {fault}\n")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
