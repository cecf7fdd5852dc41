"""`opslore run` by the sandbox's clock, which people move ahead to see what is due then."""

import json
import logging
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
from apscheduler.schedulers.background import BackgroundScheduler

from bot.cli.run import run
from bot.deps import Deps
from bot.domain.timeouts import Timeouts
from bot.jobs import hurry, look_around, post_digests, scheduler
from bot.settings import Settings

# Run as a module it is called "__main__", which is not among the bot's loggers.
log = logging.getLogger("bot.cli.demo.clocked")


class SandboxClock:
    """The machine's time, ahead by as much as the sandbox's is."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The time in the workspace, aware."""
        return datetime.now(UTC) + self._ahead

    def jobs(self, deps: Deps) -> BackgroundScheduler:
        """The bot's jobs, which run at once whenever the clock was moved."""
        made = scheduler(deps)
        threading.Thread(target=self._follow, args=(deps, made), name="clock", daemon=True).start()
        return made

    def _follow(self, deps: Deps, jobs: BackgroundScheduler) -> None:
        for shift in self._shifts():
            if shift == self._ahead:
                continue
            # What is not planned yet is planned from the time that was: the next may lie between.
            post_digests(deps)
            self._ahead = shift
            log.info("clock_moved", extra={"ahead": str(shift)})
            # The hourly look plans the nudges that the next job sends.
            look_around(deps)
            hurry(jobs)

    def _shifts(self) -> Iterator[timedelta]:
        """How far the sandbox is ahead, at first and whenever it is moved."""
        page = f"{self._url}/page/live"
        try:
            with httpx.stream("GET", page, timeout=None, trust_env=False) as events:  # noqa: S113 - it lasts
                for line in events.iter_lines():
                    told = json.loads(line[5:]) if line.startswith("data:") else {}
                    if "clock" in told:
                        yield timedelta(seconds=told["clock"]["shift"])
        except httpx.HTTPError as error:
            log.warning("clock_lost", extra={"why": type(error).__name__})


def main(env: Mapping[str, str], timeouts: Timeouts = Timeouts()) -> int:
    """Run the bot until it is told to stop; returns the exit status."""
    clock = SandboxClock(env["SANDBOX_URL"])
    return run(replace(Settings.from_env(env), timeouts=timeouts), now=clock.now, jobs=clock.jobs)


if __name__ == "__main__":
    sys.exit(main(os.environ))
