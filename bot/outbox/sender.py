"""The outbox sender: threads that claim due items, send them, and retry or give up."""

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
from bot.outbox.topics import send_item
from bot.slack.api.posting import BAD_TOKEN, NotSentError, RefusedError
from bot.slack.limits import LimitError
from bot.slack.payloads.fields import MalformedError
from bot.usecases.outbox import drop_item, postpone

log = logging.getLogger(__name__)

_THREADS: Final = 4
_BATCH: Final = 8
# While more listeners than `_QUEUE` wait for a commit, the sender waits too. It checks every
# `_MOMENT` and waits for `_PATIENCE` at most, both in seconds.
_QUEUE: Final = 2
_MOMENT: Final = 0.003
_PATIENCE: Final = 0.2
# The sender looks for due items at least this often, in seconds. Nothing wakes it for retries, or
# for items that another process stored.
_LONGEST_SLEEP: Final = 1.0
# Seconds before another try after an unexpected error, because each try logs a trace.
_UNEXPECTED: Final = 60.0


class Sender:
    """Sends the items of an outbox, which several senders and processes can share."""

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
        """Start sending, in threads of its own."""
        for number in range(_THREADS):
            thread = threading.Thread(
                target=self._run, args=(deps,), name=f"sender-{number}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self, timeout: float) -> None:
        """Finish the items that are being sent, and stop. The others stay in the outbox."""
        with self._woken:
            self._stopped = True
            self._woken.notify_all()
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _give_way(self, deps: Deps) -> None:
        """Let waiting listeners go first, because Slack waits 3 seconds for their answers.

        The pause is limited, so that a busy channel can't stop the sender.
        """
        until = time.monotonic() + _PATIENCE
        while deps.store.waiting > _QUEUE and time.monotonic() < until:
            time.sleep(_MOMENT)

    def step(self, deps: Deps) -> int:
        """Send the items that are due now, and return how many were claimed.

        If Slack is slow or the process is stopping, the rest of the batch goes back to the outbox:
        after the lease another sender may claim it, and an item must not be sent twice.
        """
        claimed = deps.store.claim_items(deps.now(), _BATCH, team=deps.team)
        start = time.monotonic()
        # A third of the lease, so that a slow call to Slack still finishes within it.
        batch_seconds = deps.timeouts.lease.total_seconds() / 3
        for item in claimed:
            if self._stopped or time.monotonic() - start > batch_seconds:
                _put_off(deps, item, 0, maybe=False, reason="not_begun")
            elif (reason := _send(deps, item)) and not self._uninstalled:
                # Log it once, not for each waiting item.
                self._uninstalled = True
                log.error("token_not_accepted", extra={"why": reason})
        return len(claimed)

    def _run(self, deps: Deps) -> None:
        seen = 0
        while not self._stopped:
            try:
                self._give_way(deps)
                claimed = self.step(deps)
                self.last_success = time.monotonic()
            except UnavailableError as error:
                log.warning("outbox_not_read", extra={"why": str(error)})
                claimed = 0
            except Exception:
                # If the thread died, the bot would look healthy and send nothing.
                log.exception("sender_failed")
                claimed = 0
            if claimed:
                continue
            with self._woken:
                if self._news == seen and not self._stopped:
                    self._woken.wait(_LONGEST_SLEEP)
                seen = self._news


def _send(deps: Deps, item: OutboxItem) -> str:
    """Send, put off or drop one item. Return Slack's error if it rejects our token, or "".

    Without a valid token no item can be sent.
    """
    about = {"item": item.id, "topic": item.topic.value, "channel": item.channel}
    try:
        send_item(deps, item)
        log.debug("sent", extra=about)
        count("sent", item.topic.value)
    except NotSentError as error:
        log.warning("not_sent_yet", extra={**about, "why": error.reason})
        count("put_off", item.topic.value)
        _put_off(deps, item, error.pause, maybe=error.maybe, reason=error.reason)
    except UnavailableError as error:
        if reason := _bad_token(error):
            _drop(deps, item, reason)
            return reason
        log.warning("not_sent_yet", extra={**about, "why": type(error.__cause__).__name__})
        _put_off(deps, item, 0, maybe=True, reason="unavailable")
    except (RefusedError, NotFoundError, LimitError, MalformedError) as error:
        reason = getattr(error, "reason", type(error).__name__)
        if _drop(deps, item, reason) and not _bad_token(error):
            # The operator has to look at a lost digest or a message over Slack's limits.
            alarming = isinstance(error, LimitError) or item.topic is Topic.DIGEST
            level = logging.ERROR if alarming else logging.INFO
            log.log(level, "not_sent", extra={**about, "why": reason})
        return _bad_token(error)
    except Exception:
        # One item with an unexpected error must not block the others, or be tried forever.
        log.exception("sending_failed", extra=about)
        pause = max(_UNEXPECTED, pause_after(item.attempts + 1).total_seconds())
        _put_off(deps, item, pause, maybe=True, reason="failed")
    return ""


def _bad_token(error: Exception) -> str:
    """Return Slack's error code if the app was uninstalled or its token replaced, or ""."""
    cause = error.__cause__
    reason = cause.response.get("error") if isinstance(cause, SlackApiError) else None
    return str(reason) if reason in BAD_TOKEN else ""


def _put_off(deps: Deps, item: OutboxItem, pause: float, *, maybe: bool, reason: str) -> None:
    try:
        is_waiting = postpone(
            deps.store,
            item,
            now=deps.now(),
            pause=timedelta(seconds=pause) if pause else None,
            maybe=maybe,
            reason=reason,
        )
        if not is_waiting:
            topic = item.topic.value
            count("dropped", topic)
            log.error("given_up", extra={"item": item.id, "topic": topic, "why": reason})
    except UnavailableError:
        log.warning("not_postponed", extra={"item": item.id})  # Its lease runs out by itself.


def _drop(deps: Deps, item: OutboxItem, reason: str) -> bool:
    """Drop an item. Return False if another sender has claimed it since, and may still send it."""
    try:
        dropped = drop_item(deps.store, item, now=deps.now(), reason=reason)
    except UnavailableError:
        log.warning("not_dropped", extra={"item": item.id})
        return False
    if dropped:
        count("dropped", item.topic.value)
    return dropped
