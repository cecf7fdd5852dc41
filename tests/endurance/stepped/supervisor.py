"""Fork a bot that kills itself at the given step, and fork another each time that one died.

A fork starts at once because everything is imported. Otherwise it is `opslore run`, and only the
database is left of the bot before it. This module belongs to the tests: the bot knows nothing
about it.
"""

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import slack_sdk.web.base_client
import slack_sdk.webhook.client
import waitress.server  # noqa: F401 - imported before the fork, like the next ones
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.dialects import postgresql, sqlite  # noqa: F401 - as above
from sqlalchemy.engine.default import DefaultDialect

from bot.cli import receivers, run
from bot.settings import Settings
from tests.endurance.stepped.memory import Memory


class Steps:
    """Names the process's steps, like `after commit of done #2`, and ends it at the given one."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._times: Counter[str] = Counter()
        self._one_at_a_time = threading.Lock()

    def take(self, step: str) -> None:
        """Take one step. After the last one no thread takes another."""
        with self._one_at_a_time:
            if not self._memory.armed:
                return
            self._times[step] += 1
            name = f"{step} #{self._times[step]}"
            self._memory.take(name)
            if name == self._memory.target:
                self._memory.disarm()
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: Callable[..., str], act: Callable[..., Any]) -> Callable[..., Any]:
        """Run an act with a step before it and one after."""

        def stepped(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - of any act
            called = name(*args)
            self.take(f"before {called}")
            found = act(*args, **more)
            self.take(f"after {called}")
            return found

        return stepped


class Answer(list[bytes]):
    """The body of an answer; the server closes it after sending it."""

    def __init__(self, body: list[bytes], sent: Callable[[], None]) -> None:
        super().__init__(body)
        self._sent = sent

    def close(self) -> None:
        self._sent()


def watch(steps: Steps) -> None:
    """Count the acts that leave a trace outside the process: commits, calls, acknowledgements."""
    commit = steps.around(_committed, DefaultDialect.do_commit)
    DefaultDialect.do_commit = commit  # type: ignore[method-assign] # the one of every database
    for module in (slack_sdk.web.base_client, slack_sdk.webhook.client):
        module.urlopen = steps.around(_called, module.urlopen)  # type: ignore[attr-defined] # urllib's
    http = receivers._Http  # noqa: SLF001 - where Slack's requests come in
    answer = http._slack  # noqa: SLF001 - as above

    def answered(server: Any, environ: dict[str, Any], start: Any) -> Any:  # noqa: ANN401 - WSGI's
        if "json" in environ.get("CONTENT_TYPE", ""):
            # An event about the bot's own post, which arrives in between.
            return answer(server, environ, start)
        steps.take("after receiving")
        body = list(answer(server, environ, start))
        steps.take("before acknowledging")
        return Answer(body, partial(steps.take, "after acknowledging"))

    http._slack = answered  # type: ignore[assignment] # noqa: SLF001 - as above


def _committed(*_: object) -> str:
    """Return the name of a commit: the use case, or the sender's claim."""
    frame = sys._getframe()  # noqa: SLF001 - the only way to find the caller
    while frame.f_back and not str(frame.f_globals["__name__"]).startswith("bot."):
        frame = frame.f_back
    return f"commit of {frame.f_code.co_name}"


def _called(request: Any, *_: object) -> str:  # noqa: ANN401 - of urllib
    url = str(request.full_url)
    return "response_url" if "/respond/" in url else url.rpartition("/")[2].partition("?")[0]


def supervise(memory: Memory, settings: Settings) -> None:
    """Start a bot again and again until the test asks to stop."""
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            watch(Steps(memory))
            run.run(settings, now=memory.now, jobs=lambda _: BackgroundScheduler())
        signal.signal(signal.SIGTERM, partial(_stop, child))
        memory.born(child)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(f"the bot ended by itself: {status}")
        memory.died()


def _stop(child: int, *_: object) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    sys.exit(0)


if __name__ == "__main__":
    supervise(Memory(Path(sys.argv[1])), Settings.from_env(os.environ))
