"""Threads that Slack returns in pages: read to the end, or as far as the form says."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.timeouts import Timeouts
from bot.slack.api import threads
from tests.support.ops import Ops
from tests.support.patience import PATIENT
from tests.support.recording import BECAUSE, DECIDED, shortcut, thread, typed


def test_a_thread_of_several_pages_is_read_to_its_end(ops: Ops) -> None:
    ops.restart_with(_reading(page_messages=1))

    view = shortcut(ops.cleo, ops, thread(ops))

    assert typed(view, "What do we do?") == DECIDED
    assert typed(view, "Why?") == BECAUSE
    assert "This thread is long" not in view.words()


@pytest.mark.parametrize("limit", [{"messages": 2}, {"pages_seconds": 0}])
def test_a_thread_too_long_to_read_says_how_much_was_read(ops: Ops, limit: dict[str, int]) -> None:
    """It has too many messages, or Slack is too slow for the three seconds of a form."""
    ops.restart_with(_reading(page_messages=2, **limit))

    view = shortcut(ops.cleo, ops, thread(ops))

    assert typed(view, "What do we do?") == DECIDED
    assert (
        "This thread is long, so the form is filled in from its first 2 messages." in view.words()
    )


def test_a_thread_that_slack_cuts_off_says_how_much_was_read(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = thread(ops)
    ops.restart_with(_reading(page_messages=2))
    with_pages = threads._page  # noqa: SLF001 - Slack stops answering between two pages

    def once(*args: Any, **more: Any) -> object:  # noqa: ANN401 - as it was called
        found = with_pages(*args, **more)
        ops.driver.fail("conversations.replies", status=500)
        return found

    monkeypatch.setattr(threads, "_page", once)

    view = shortcut(ops.cleo, ops, root)

    assert typed(view, "What do we do?") == DECIDED
    assert "its first 2 messages" in view.words()


def _reading(**limits: int) -> Timeouts:
    return replace(PATIENT, thread=replace(PATIENT.thread, **limits))
