"""Let two acts happen at the same time."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.domain.entries import ChannelId
from bot.outbox.topics import send_item
from tests.support.ops import Ops

Act = Callable[[], object]
# Seconds for which one act waits for the other at a step. An act that a lock keeps out never comes.
MEETING = 0.5
# Seconds for reaching the step itself.
_PATIENCE = 30


def meanwhile(monkeypatch: pytest.MonkeyPatch, part: object, step: str, act: Act) -> Act:
    """Return another's act, which is to run `at_once` with a first one.

    It begins when the first act has passed `step` for the first time. The first act goes on when
    the other has ended, or when a lock keeps it out.
    """
    reached, over = threading.Event(), threading.Event()
    original = getattr(part, step)

    def passed(*args: Any, **more: Any) -> object:  # noqa: ANN401 - of any step
        found = original(*args, **more)
        if not reached.is_set():
            reached.set()
            over.wait(MEETING)
        return found

    def done() -> None:
        # If the step is never reached, the assertions of the test fail.
        try:
            if reached.wait(_PATIENCE):
                act()
        finally:
            over.set()

    monkeypatch.setattr(part, step, passed)
    return done


def at_once(*acts: Act) -> None:
    failures: list[BaseException] = []

    def run(act: Act) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - told by the thread that asserts
            failures.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def considering(ops: Ops, count: int) -> list[Act]:
    """Return an act for each waiting message, as in processes of their own: one takes turns."""
    waiting = [ops.store.claim_items(ops.clock(), 1)[0] for _ in range(count)]
    own = [replace(ops.bot.deps, considering=threading.Lock()) for _ in waiting]
    return [partial(send_item, deps, one) for deps, one in zip(own, waiting, strict=True)]


def place(ops: Ops) -> ChannelId:
    return ChannelId(str(ops.ops))
