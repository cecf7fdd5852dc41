"""`opslore run` with the sandbox's clock, which people can move ahead."""

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

# As the main module its name is "__main__", which isn't one of the bot's loggers.
log = logging.getLogger("bot.cli.demo.clocked")


class SandboxClock:
    """A clock that is ahead of the machine's by as much as the sandbox's."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the time in the workspace, aware."""
        return datetime.now(UTC) + self._ahead

    def jobs(self, deps: Deps) -> BackgroundScheduler:
        """Return the scheduler of the bot's jobs, which also runs them when the clock moves."""
        made = scheduler(deps)
        threading.Thread(target=self._follow, args=(deps, made), name="clock", daemon=True).start()
        return made

    def _follow(self, deps: Deps, jobs: BackgroundScheduler) -> None:
        for shift in self._shifts():
            if shift == self._ahead:
                continue
            # Plan digests by the old time first, because one may be due before the new time.
            post_digests(deps)
            self._ahead = shift
            log.info("clock_moved", extra={"ahead": str(shift)})
            # `look_around` plans the nudges that the jobs then send.
            look_around(deps)
            hurry(jobs)

    def _shifts(self) -> Iterator[timedelta]:
        """Yield how far the sandbox is ahead, at first and after each move."""
        page = f"{self._url}/page/live"
        try:
            with httpx.stream("GET", page, timeout=None, trust_env=False) as events:  # noqa: S113 - it lasts
                for line in events.iter_lines():
                    event = json.loads(line[5:]) if line.startswith("data:") else {}
                    if "clock" in event:
                        yield timedelta(seconds=event["clock"]["shift"])
        except httpx.HTTPError as error:
            log.warning("clock_lost", extra={"why": type(error).__name__})


def main(env: Mapping[str, str], timeouts: Timeouts = Timeouts()) -> int:
    """Run the bot until it is stopped, and return the exit status."""
    clock = SandboxClock(env["SANDBOX_URL"])
    return run(replace(Settings.from_env(env), timeouts=timeouts), now=clock.now, jobs=clock.jobs)


if __name__ == "__main__":
    sys.exit(main(os.environ))
