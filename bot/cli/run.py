"""`opslore run`: running the bot until it is stopped."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn

from bot.app import build
from bot.cli.receivers import Receiver, receiver
from bot.deps import Deps
from bot.embedding import MiniLm, find_embedder
from bot.log import set_up
from bot.settings import Settings
from storage.migrate import needs_upgrade, upgrade
from storage.store import Store

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

# Pending acknowledgements finish within Slack's 3 seconds; a websocket may take longer to close.
_GRACE: Final = 10.0
# After this long without a connection the process exits, so that its supervisor restarts it.
_DEAD: Final = 120.0


def run(
    settings: Settings,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    jobs: "Callable[[Deps], BackgroundScheduler] | None" = None,
) -> int:
    """Run until SIGTERM or SIGINT, and return the exit status.

    `now` is the clock. `jobs` returns the scheduler, by default that of `bot.jobs`; a clock that
    can jump needs a scheduler that follows it.

    Raises:
        SettingsError: Slack rejected the bot token, or the port can't be opened.
        SchemaError: the database is from a newer version of Opslore.
        UnavailableError: the database doesn't answer.
    """
    set_up(settings.log_level, settings.log_format)
    # There is nothing to finish before it runs, and it may wait for Slack for a long time.
    _on_stop(_leave)
    store = Store.open(settings.database_url, settings.timeouts)
    if needs_upgrade(store):
        upgrade(settings.database_url)
    embedder = find_embedder()
    bot = build(settings, store, now=now, embedder=embedder)
    stopping = threading.Event()
    _on_stop(lambda *_: stopping.set())
    receiving = receiver(settings, bot)
    # Slack first: its events are stored, and the sender starts with what they caused.
    receiving.start()
    log.info("running", extra={"mode": settings.mode.value, "team": bot.deps.team})
    bot.sender.start(bot.deps)
    jobs_scheduler = (jobs or _scheduler)(bot.deps)
    jobs_scheduler.start()
    # No one captures a thread in the first moment, and no text is compared.
    import_module("bot.domain.listening.drafts")
    status = _watch(receiving, stopping) if _is_usable(embedder) else 1
    log.info("stopping")
    threading.Timer(_GRACE, lambda: os._exit(status)).start()
    receiving.stop()
    jobs_scheduler.shutdown(wait=False)
    bot.sender.stop(_GRACE / 2)
    store.close()
    log.info("stopped")
    logging.shutdown()
    # Library threads that wait on a socket would keep the process alive.
    os._exit(status)


def _scheduler(deps: Deps) -> "BackgroundScheduler":
    # No job runs in the first second, and importing it takes a while.
    from bot.jobs import scheduler  # noqa: PLC0415 - costs start-up

    return scheduler(deps)


def _is_usable(embedder: MiniLm | None) -> bool:
    """Report whether the model, if there is one, is the one that Opslore was tested with."""
    try:
        if embedder:
            embedder.check()
    except ValueError as error:
        log.error("wrong_model", extra={"error": str(error)})  # noqa: TRY400 - the text says it all
        return False
    return True


def _on_stop(handler: Callable[..., None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _leave(*_: object) -> NoReturn:
    raise SystemExit(0)


def _watch(receiving: Receiver, stopping: threading.Event) -> int:
    """Wait for the end. Return 1 if Slack was unreachable for too long."""
    last_connected = time.monotonic()
    while not stopping.wait(1.0):
        if receiving.connected():
            last_connected = time.monotonic()
        elif time.monotonic() - last_connected > _DEAD:
            log.error("slack_lost", extra={"seconds": _DEAD})
            return 1
    return 0
