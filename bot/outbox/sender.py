"""The outbox sender: a few threads that claim what is due, tell it, and try again what failed."""

import logging
import threading
import time
from datetime import timedelta
from typing import Final

from slack_sdk.errors import SlackApiError

from bot.deps import Deps
from bot.domain.errors import NotFoundError, UnavailableError
from bot.domain.outbox import OutboxItem, Topic, pause_after
from bot.metrics import count
from bot.outbox.messages import tell
from bot.slack.api.posting import BAD_TOKEN, NotSentError, RefusedError
from bot.slack.limits import LimitError
from bot.slack.payloads.fields import MalformedError
from bot.usecases.outbox import drop, put_off

log = logging.getLogger(__name__)

_THREADS: Final = 4
_BATCH: Final = 8
# While more listeners than this queue for a commit the sender gives way, looking again each moment,
# but no longer than its patience: both in seconds.
_QUEUE: Final = 2
_MOMENT: Final = 0.003
_PATIENCE: Final = 0.2
# The longest that something due waits when nobody woke the sender: another process wrote it, or a
# retry came due.
_LONGEST_SLEEP: Final = 1.0
# Seconds before another try of what failed unexpectedly, for each try logs a trace.
_UNEXPECTED: Final = 60.0


class Sender:
    """Tells what the outbox holds. Several senders, also in several processes, share one outbox."""

    def __init__(self) -> None:
        self._woken = threading.Condition()
        self._news = 0
        self._stopped = False
        self._uninstalled = False
        self._threads: list[threading.Thread] = []
        self.last_success = time.monotonic()

    def wake(self) -> None:
        """Look at the outbox at once."""
        with self._woken:
            self._news += 1
            self._woken.notify()

    def start(self, deps: Deps) -> None:
        """Begin to tell, in threads of its own."""
        for number in range(_THREADS):
            thread = threading.Thread(
                target=self._run, args=(deps,), name=f"sender-{number}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self, timeout: float) -> None:
        """Finish what is being told and stop; what is left waits in the outbox."""
        with self._woken:
            self._stopped = True
            self._woken.notify_all()
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _give_way(self, deps: Deps) -> None:
        """Let the listeners go first while they queue: Slack waits for them, for 3 seconds at most.

        What is told may wait a little, but not for as long as a channel is busy.
        """
        until = time.monotonic() + _PATIENCE
        while deps.store.waiting > _QUEUE and time.monotonic() < until:
            time.sleep(_MOMENT)

    def step(self, deps: Deps) -> int:
        """Tell what is due now, and return how many things were claimed.

        The rest of a batch is put back where Slack is slow, for when its lease is over another
        sender may have it, and two must not tell one thing; and where the process is to end.
        """
        claimed = deps.store.claim_items(deps.now(), _BATCH, team=deps.team)
        began = time.monotonic()
        # A third of the lease, so that a slow item still finishes within it.
        sure_of_lease = deps.timeouts.lease.total_seconds() / 3
        for item in claimed:
            if self._stopped or time.monotonic() - began > sure_of_lease:
                _put_off(deps, item, 0, maybe=False, reason="not_begun")
            elif (reason := _tell(deps, item)) and not self._uninstalled:
                # Said once, not of each thing that waited.
                self._uninstalled = True
                log.error("token_not_accepted", extra={"why": reason})
        return len(claimed)

    def _run(self, deps: Deps) -> None:
        seen = 0
        while not self._stopped:
            try:
                self._give_way(deps)
                told = self.step(deps)
                self.last_success = time.monotonic()
            except UnavailableError as error:
                log.warning("outbox_not_read", extra={"why": str(error)})
                told = 0
            except Exception:
                # A thread that died would be a bot that is silent and looks well.
                log.exception("sender_failed")
                told = 0
            if told:
                continue
            with self._woken:
                if self._news == seen and not self._stopped:
                    self._woken.wait(_LONGEST_SLEEP)
                seen = self._news


def _tell(deps: Deps, item: OutboxItem) -> str:
    """Tell one thing, or see to it that it is told later; "", or why Slack takes no token of ours.

    Without a token that Slack takes nothing can ever be told.
    """
    about = {"item": item.id, "topic": item.topic.value, "channel": item.channel}
    try:
        tell(deps, item)
        log.debug("sent", extra=about)
        count("sent", item.topic.value)
    except NotSentError as error:
        log.warning("not_told_yet", extra={**about, "why": error.reason})
        count("put_off", item.topic.value)
        _put_off(deps, item, error.pause, maybe=error.maybe, reason=error.reason)
    except UnavailableError as error:
        if reason := _bad_token(error):
            _drop(deps, item, reason)
            return reason
        log.warning("not_told_yet", extra={**about, "why": type(error.__cause__).__name__})
        _put_off(deps, item, 0, maybe=True, reason="unavailable")
    except (RefusedError, NotFoundError, LimitError, MalformedError) as error:
        reason = getattr(error, "reason", type(error).__name__)
        if _drop(deps, item, reason) and not _bad_token(error):
            # A digest that nobody will read is itself an alarm.
            alarming = isinstance(error, LimitError) or item.topic is Topic.DIGEST
            level = logging.ERROR if alarming else logging.INFO
            log.log(level, "not_told", extra={**about, "why": reason})
        return _bad_token(error)
    except Exception:
        # One message that can not be built must not hold up the others, nor be tried for ever.
        log.exception("telling_failed", extra=about)
        pause = max(_UNEXPECTED, pause_after(item.attempts + 1).total_seconds())
        _put_off(deps, item, pause, maybe=True, reason="failed")
    return ""


def _bad_token(error: Exception) -> str:
    """Slack's word that the app was uninstalled or its token replaced; "" of any other error."""
    cause = error.__cause__
    reason = cause.response.get("error") if isinstance(cause, SlackApiError) else None
    return str(reason) if reason in BAD_TOKEN else ""


def _put_off(deps: Deps, item: OutboxItem, pause: float, *, maybe: bool, reason: str) -> None:
    try:
        waits = put_off(
            deps.store,
            item,
            now=deps.now(),
            pause=timedelta(seconds=pause) if pause else None,
            maybe=maybe,
            reason=reason,
        )
        if not waits:
            topic = item.topic.value
            count("dropped", topic)
            log.error("given_up", extra={"item": item.id, "topic": topic, "why": reason})
    except UnavailableError:
        log.warning("not_postponed", extra={"item": item.id})  # Its lease runs out by itself.


def _drop(deps: Deps, item: OutboxItem, reason: str) -> bool:
    """Whether it is dropped: another sender may have claimed it since, and tell it after all."""
    try:
        dropped = drop(deps.store, item, now=deps.now(), reason=reason)
    except UnavailableError:
        log.warning("not_dropped", extra={"item": item.id})
        return False
    if dropped:
        count("dropped", item.topic.value)
    return dropped
