"""The bot's timeouts in tests: long, because machines may be busy, and short on request."""

import math
from collections import Counter
from typing import Any
from urllib.request import Request, urlopen

import pytest

from bot.domain.timeouts import ThreadLimits, Timeouts

_MINUTE = 60.0
PATIENT = Timeouts(
    call_seconds=_MINUTE,
    lookup_seconds=_MINUTE,
    ack_seconds=_MINUTE,
    command_seconds=_MINUTE,
    response_seconds=_MINUTE,
    thread=ThreadLimits(page_seconds=_MINUTE, pages_seconds=_MINUTE),
    lock_seconds=_MINUTE,
    statement_seconds=_MINUTE,
    idle_seconds=_MINUTE,
    # The sandbox allows any number of calls. Keeping to the real limits took seconds of some tests.
    lookup_pause=0.0,
    members_pause=0.0,
)
_SOON = 0.4


class Patience:
    """The timeouts for Slack's answers: a minute, unless a test sets a shorter one.

    `seconds`: the timeout of each call so far, by method.
    """

    def __init__(self) -> None:
        self._short: Counter[str] = Counter()
        self.seconds: dict[str, list[float]] = {}

    def ends_soon(self, method: str, times: int | None = None) -> None:
        """Give up the next calls of a method, or all of them, after half a second."""
        self._short[method] = times or math.inf  # type: ignore[assignment] # of a count

    def urlopen(self, request: Request, *, timeout: float, **more: Any) -> Any:  # noqa: ANN401 - as urllib's
        """Send a request from slack_sdk with our timeout."""
        method = request.full_url.rpartition("/")[2].partition("?")[0]
        if "/respond/" in request.full_url:
            method = "response_url"
        if self._short[method] > 0:
            self._short[method] -= 1
            timeout = _SOON
        self.seconds.setdefault(method, []).append(timeout)
        return urlopen(request, timeout=timeout, **more)  # noqa: S310 - an address of the sandbox


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Patience:
    """Return the timeouts of all bots in the test's process."""
    found = Patience()
    monkeypatch.setattr("slack_sdk.web.base_client.urlopen", found.urlopen)
    monkeypatch.setattr("slack_sdk.webhook.client.urlopen", found.urlopen)
    return found
