"""Each life of a change, cut off at its first step, its second, … until it ends undisturbed."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import text

from sandbox import Driver, Sandbox
from storage.migrate import upgrade
from storage.store import Store
from tests.processes import ROOT, free_port
from tests.stepped.counters import Counters
from tests.stepped.ended import audit_faults, faults_of
from tests.stepped.flows import FLOWS, Flow, Team
from tests.stepped.hands import Hands

_RETRIES: Final = (0.1,) * 5 + (0.5,) * 600
_PATIENCE: Final = 100
# No life has so many steps.
MOST: Final = 1000
_KILLED: Final = "killed "


@dataclass
class Outcome:
    """How often the bot was killed in each flow, and every difference as words.

    `passed` and `killed`: the names of the steps that were taken, and of those it died at.
    """

    kills: Counter[str] = field(default_factory=Counter)
    passed: set[str] = field(default_factory=set)
    killed: set[str] = field(default_factory=set)
    seconds: float = 0
    faults: list[str] = field(default_factory=list)


class Sweep:
    """A workspace, and a bot that can be told when to die."""

    def __init__(self, driver: Driver, store: Store, counters: Counters, port: int) -> None:
        self._driver = driver
        self._store = store
        self._counters = counters
        self._page = f"http://127.0.0.1:{port}/readyz"
        self._ready()
        ana, ben, cleo, dan = (driver.person(name) for name in ("ana", "ben", "cleo", "dan"))
        channel = driver.channel("ops", members=[ana, ben, cleo])
        driver.channel("elsewhere", members=[dan])
        driver.invite_bot(channel, by=ana)
        self._team = Team(Hands(driver, channel, self._ready), ana, ben, cleo, dan)
        self._recorded = 0
        self._quiet()

    def run(self, flow: Flow, steps: Iterable[int]) -> Iterator[list[str]]:
        """Play it again and again, cut off later each time; what was wrong after each kill."""
        for number in steps:
            key, deaths = self._record(), self._counters.deaths
            view = flow.begin(self._team, key)
            self._quiet()
            self._counters.left = number
            try:
                flow.play(self._team, key, view)
                self._quiet()
                found = faults_of(self._store, self._team, key, flow.end)
            except (AssertionError, TimeoutError) as error:
                found = [f"{key}: {error}"]
            finally:
                self._counters.left = 0
            if self._counters.deaths == deaths:
                assert not found, found
                return
            self._closed()
            yield [f"cut off at step {number}: {one}" for one in found]

    def faults(self) -> list[str]:
        """What is wrong with the whole of it."""
        with self._store.engine.connect() as connection:
            dropped = connection.execute(_DROPPED).all()
        lost = [f"dropped and not told: {topic}, {reason}" for topic, reason in dropped]
        return audit_faults(self._store, self._team) + lost

    def _record(self) -> str:
        """An entry of ana's with dan as its backup."""
        self._recorded += 1
        view = self._team.hands.form(self._team.ana, "/lore record decision")
        view.fill({"Title": f"Roll back {self._recorded}", "What do we do?": "We roll back."})
        view.choose("Backup", self._team.dan)
        self._team.hands.send(view)
        return f"DEC-{self._recorded}"

    def _closed(self) -> None:
        """Whoever was left with a form before them closes it; what is in it has been compared."""
        for person in (self._team.ana, self._team.ben, self._team.cleo):
            while (view := person.view) is not None:
                view.close()

    def _ready(self) -> None:
        self._driver.until(self._answers, _PATIENCE)

    def _answers(self) -> bool:
        try:
            return httpx.get(self._page, trust_env=False, timeout=_PATIENCE).status_code == 200
        except httpx.TransportError:
            return False

    def _quiet(self) -> None:
        """Wait until all is told, by a bot that was not killed while it told the last of it."""
        self._driver.until(lambda: self._store.size().waiting == 0, _PATIENCE)
        self._ready()


def sweep(
    database_url: str,
    folder: Path,
    flows: Iterable[str] = tuple(FLOWS),
    steps: Sequence[int] = range(1, MOST),
) -> Outcome:
    """Kill the bot at these steps of each flow, as far as it goes, and compare what came of it."""
    upgrade(database_url)
    store, counters, port, outcome = (
        Store.open(database_url),
        Counters(folder),
        free_port(),
        Outcome(),
    )
    url, began = f"http://127.0.0.1:{port}/slack/events", time.monotonic()
    slack = Sandbox(
        ROOT / "manifest.yml",
        now=counters.now,
        request_url=url,
        retry_delays=_RETRIES,
        ack_seconds=_PATIENCE,
    )
    with slack, Driver(slack, patience=0) as driver:
        environment = {**slack.environment, "DATABASE_URL": database_url, "OPSLORE_PORT": str(port)}
        with _supervised(environment, folder):
            played = Sweep(driver, store, counters, port)
            for name in flows:
                for found in played.run(FLOWS[name], steps):
                    outcome.kills[name] += 1
                    outcome.faults += [f"{name}, {one}" for one in found]
                    if sys.stderr.isatty():
                        sys.stderr.write(f"\r{name}: {outcome.kills[name]} kills ")
            outcome.faults += played.faults()
    if "Traceback" in (folder / "bot.log").read_text():
        outcome.faults.append("the log holds a traceback")
    taken = set(counters.steps())
    outcome.killed = {one.removeprefix(_KILLED) for one in taken if one.startswith(_KILLED)}
    outcome.passed = {one.removeprefix(_KILLED) for one in taken}
    outcome.seconds = time.monotonic() - began
    counters.close()
    store.close()
    return outcome


@contextmanager
def _supervised(environment: dict[str, str], folder: Path) -> Iterator[None]:
    own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with (folder / "bot.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - a command of ours
            [sys.executable, "-m", "tests.stepped.supervisor", str(folder)],
            env={**own, **environment, "OPSLORE_LOG_LEVEL": "DEBUG"},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


_DROPPED: Final = text("SELECT topic, reason FROM outbox WHERE fate = 'dropped'")
