"""`opslore run`: the bot as a process, until it is told to stop."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NoReturn

from bot.app import build
from bot.cli.receivers import Receiver, receiver
from bot.deps import Deps
from bot.log import set_up
from bot.settings import Settings
from storage.migrate import check, upgrade
from storage.store import Store

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

# Acks under way finish within Slack's 3 seconds; a websocket may take longer to close.
_GRACE: Final = 10.0
# Without a connection for so long the process ends, and whoever supervises it starts another.
_DEAD: Final = 120.0


def run(
    settings: Settings,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    jobs: "Callable[[Deps], BackgroundScheduler] | None" = None,
) -> int:
    """Run until SIGTERM or SIGINT; returns the exit status.

    `now` tells the time and `jobs` makes what ticks, those of `bot.jobs` by default; another clock
    may have to hurry them.

    Raises:
        SettingsError: Slack knows no such token, or the port can't be opened.
        SchemaError: the database was made by a newer Opslore.
        UnavailableError: the database does not answer.
    """
    set_up(settings.log_level, settings.log_format)
    # Until it runs there is nothing to finish, and Slack may be waited for without end.
    _on_stop(_leave)
    store = Store.open(settings.database_url, settings.timeouts)
    if check(store):
        upgrade(settings.database_url)
    bot = build(settings, store, now=now)
    stopping = threading.Event()
    _on_stop(lambda *_: stopping.set())
    receiving = receiver(settings, bot)
    # Slack first: what it sends meanwhile is stored, and told once the sender looks.
    receiving.start()
    log.info("running", extra={"mode": settings.mode.value, "team": bot.deps.team})
    bot.sender.start(bot.deps)
    # Nothing ticks in the first second, and the scheduler takes a while to be loaded.
    from bot.jobs import scheduler  # noqa: PLC0415 - as said

    ticking = (jobs or scheduler)(bot.deps)
    ticking.start()
    status = _watch(receiving, stopping)
    log.info("stopping")
    threading.Timer(_GRACE, lambda: os._exit(status)).start()
    receiving.stop()
    ticking.shutdown(wait=False)
    bot.sender.stop(_GRACE / 2)
    store.close()
    log.info("stopped")
    logging.shutdown()
    # Threads of libraries that wait on a socket would hold the process.
    os._exit(status)


def _on_stop(handler: Callable[..., None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _leave(*_: object) -> NoReturn:
    raise SystemExit(0)


def _watch(receiving: Receiver, stopping: threading.Event) -> int:
    """Wait for the end; 1 when Slack was out of reach for too long."""
    alive = time.monotonic()
    while not stopping.wait(1.0):
        if receiving.connected():
            alive = time.monotonic()
        elif time.monotonic() - alive > _DEAD:
            log.error("slack_lost", extra={"seconds": _DEAD})
            return 1
    return 0
