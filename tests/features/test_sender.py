"""The sender's threads, next to listeners that Slack waits for."""

import threading
from typing import Any

import pytest

from bot.outbox import consider
from bot.usecases.listening.consider import consider_message
from tests.support.ops import Ops

# Several threads claim items at the same time.
_MESSAGES = 12
# How long a message being considered waits for a second, which would arrive at once if not blocked.
_MEETING = 0.05
_PATIENCE = 30


def test_messages_are_considered_one_at_a_time(ops: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Semaphore(0)
    all_done = threading.Semaphore(0)
    inside: set[int] = set()
    met: list[int] = []

    def considered(*args: Any, **more: Any) -> bool:  # noqa: ANN401 - as it was called
        inside.add(threading.get_ident())
        if len(inside) > 1:
            together.release()
        if together.acquire(timeout=_MEETING):
            met.append(len(inside))
        try:
            return consider_message(*args, **more)
        finally:
            inside.discard(threading.get_ident())
            all_done.release()

    monkeypatch.setattr(consider, "consider_message", considered)
    for number in range(_MESSAGES):
        ops.ana.say(ops.ops, f"We decided to drain node {number} before every upgrade.")

    ops.bot.sender.start(ops.bot.deps)
    done = [all_done.acquire(timeout=_PATIENCE) for _ in range(_MESSAGES)]
    ops.bot.sender.stop(_PATIENCE)

    assert all(done)
    assert met == []
