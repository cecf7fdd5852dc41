"""Sweep over each life of a change: cut it off at its first step, its second, and so on."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import text

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import TeamId
from sandbox import Driver, Sandbox, Timing
from sandbox.client import NO_TLS
from storage.migrate import upgrade
from storage.store import Store
from tests.endurance.stepped.end_state import audit_faults, faults_of
from tests.endurance.stepped.flows import FLOWS, Flow, Team
from tests.endurance.stepped.hands import Hands
from tests.endurance.stepped.memory import Memory
from tests.support.processes import ROOT, free_port

_RETRIES: Final = (0.1,) * 5 + (0.5,) * 600
_PATIENCE: Final = 100


@dataclass
class Outcome:
    """How often the bot was killed in each flow, and every difference as text.

    `missed`: the steps that didn't come again, so the bot couldn't die there. The bot's
    threads take turns, and sometimes one does the work of another.
    """

    kills: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    steps: set[str] = field(default_factory=set)
    seconds: float = 0
    faults: list[str] = field(default_factory=list)


class Sweep:
    """A workspace, and a bot that dies at a chosen step."""

    def __init__(self, driver: Driver, store: Store, memory: Memory, port: int) -> None:
        self._driver = driver
        self._store = store
        self._memory = memory
        self._page = f"http://127.0.0.1:{port}/readyz"
        self._ready()
        ana, ben, cleo, dan = (driver.person(name) for name in ("ana", "ben", "cleo", "dan"))
        channel = driver.channel("ops", members=[ana, ben, cleo])
        driver.channel("elsewhere", members=[dan])
        driver.invite_bot(channel, by=ana)
        self._team = Team(Hands(driver, channel, self._ready), ana, ben, cleo, dan)
        self._recorded = 0
        self._workspace = TeamId(driver.workspace()["team_id"])
        self._quiet()

    def steps(self, flow: Flow) -> list[str]:
        """Return all steps of a flow by playing it undisturbed."""
        taken, found = self.play(flow, "")
        assert not found, found
        return taken

    def play(self, flow: Flow, step: str) -> tuple[list[str], list[str]]:
        """Play it with a bot that dies at this step; return the steps taken and the faults."""
        key = self._record()
        view = flow.begin(self._team, key)
        self._quiet()
        self._start_anew()
        self._memory.arm(step)
        try:
            flow.play(self._team, key, view)
            self._quiet()
            found = faults_of(self._store, self._team, key, flow.end)
        except (AssertionError, TimeoutError) as error:
            found = [f"{key}: {error}"]
        finally:
            taken = self._memory.disarm()
        self._closed()
        return taken, [f"cut off {step}: {one}" for one in found]

    def _start_anew(self) -> None:
        """Clear the cache of Slack's answers, because asking again is a step too."""
        deaths = self._memory.deaths
        self._memory.kill(signal.SIGKILL)
        self._driver.until(lambda: self._memory.deaths > deaths, _PATIENCE)
        self._ready()

    def faults(self) -> list[str]:
        """Return the faults of the complete sweep."""
        with self._store.engine.connect() as connection:
            dropped = connection.execute(_DROPPED).all()
        lost = [f"dropped instead of sent: {topic}, {reason}" for topic, reason in dropped]
        return audit_faults(self._store, self._team) + lost

    def _record(self) -> str:
        """Record an entry of ana's that is in force, with dan as its backup."""
        self._recorded += 1
        view = self._team.hands.form(self._team.ana, "/lore record decision")
        view.fill({"Title": f"Roll back {self._recorded}", "What do we do?": "We roll back."})
        view.choose("Backup", self._team.dan)
        with self._at_once():
            self._team.hands.send(view)
        return f"DEC-{self._recorded}"

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Turn approval off, so that a saved change is in force at once."""
        for on in (False, True):
            with self._store.transaction(self._workspace) as tx:
                tx.workspace.put(replace(tx.workspace.get(), approval=ApprovalPolicy(on=on)))
            if not on:
                yield

    def _closed(self) -> None:
        """Close the forms that are still open; their content has been compared."""
        for person in (self._team.ana, self._team.ben, self._team.cleo):
            while (view := person.view) is not None:
                view.close()

    def _ready(self) -> None:
        self._driver.until(self._answers, _PATIENCE)

    def _answers(self) -> bool:
        try:
            page = httpx.get(self._page, trust_env=False, verify=NO_TLS, timeout=_PATIENCE)
        except httpx.TransportError:
            return False
        return page.status_code == 200

    def _quiet(self) -> None:
        """Wait until the outbox is empty and a bot that wasn't killed sent the last of it."""
        self._driver.until(lambda: self._store.outbox_backlog().waiting == 0, _PATIENCE)
        self._ready()


def sweep(
    database_url: str,
    folder: Path,
    flows: Mapping[str, Callable[[Sweep, Flow], Sequence[str]]],
) -> Outcome:
    """Kill the bot at the chosen steps of each flow, and compare the results."""
    upgrade(database_url)
    began, outcome, port = time.monotonic(), Outcome(), free_port()
    with closing(Store.open(database_url)) as store, closing(Memory(folder)) as memory:
        slack = Sandbox(
            ROOT / "manifest.yml",
            now=memory.now,
            request_url=f"http://127.0.0.1:{port}/slack/events",
            timing=Timing(retry_delays=_RETRIES, ack_seconds=_PATIENCE, trigger_seconds=_PATIENCE),
        )
        settings = {"DATABASE_URL": database_url, "OPSLORE_PORT": str(port)}
        with (
            slack,
            Driver(slack, patience=0) as driver,
            _supervised({**slack.environment, **settings}, folder),
        ):
            played = Sweep(driver, store, memory, port)
            for name, chosen in flows.items():
                for step in chosen(played, FLOWS[name]):
                    _count(outcome, name, step, *played.play(FLOWS[name], step))
                _tell(f"{name}: {outcome.kills[name]} kills\n")
            outcome.faults += played.faults()
    if "Traceback" in (folder / "bot.log").read_text():
        outcome.faults.append("the log has a traceback")
    outcome.seconds = time.monotonic() - began
    return outcome


def _count(
    outcome: Outcome, flow: str, step: str, taken: Sequence[str], found: Sequence[str]
) -> None:
    (outcome.kills if step in taken else outcome.missed)[flow] += 1
    outcome.steps.add(step.partition(" #")[0])
    for one in found:
        fault = f"{flow}, {one}"
        outcome.faults.append(fault)
        _tell(f"FAULT: {fault}\n")
    if sys.stderr.isatty():
        _tell(f"\r{flow}: {outcome.kills[flow]} kills ")


def _tell(words: str) -> None:
    """Print it at once, because a sweep takes half an hour and can be stopped before its end."""
    sys.stderr.write(words)
    sys.stderr.flush()


@contextmanager
def _supervised(environment: dict[str, str], folder: Path) -> Iterator[None]:
    own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with (folder / "bot.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - a command of ours
            [sys.executable, "-m", "tests.endurance.stepped.supervisor", str(folder)],
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
