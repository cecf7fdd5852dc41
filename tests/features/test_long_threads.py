"""Threads that Slack gives in pages: read to their end, or as far as a form says."""

from typing import Any

import pytest

from bot.slack.api import threads
from tests.features.test_record_entry import BECAUSE, DECIDED, shortcut, thread, typed
from tests.support.ops import Ops


def test_a_thread_of_several_pages_is_read_to_its_end(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_PAGE", 1)
    monkeypatch.setattr(threads, "_LATE", 60)

    view = shortcut(ops.cleo, ops, thread(ops))

    assert typed(view, "What do we do?") == DECIDED
    assert typed(view, "Why?") == BECAUSE
    assert "This thread is long" not in view.words()


@pytest.mark.parametrize(("limit", "most"), [("_MOST", 2), ("_LATE", 0)])
def test_a_thread_too_long_to_be_read_says_how_much_was(
    ops: Ops, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    """Too many messages, or too slow for the three seconds in which a form can be opened."""
    monkeypatch.setattr(threads, "_PAGE", 2)
    monkeypatch.setattr(threads, limit, most)

    view = shortcut(ops.cleo, ops, thread(ops))

    assert typed(view, "What do we do?") == DECIDED
    assert "This thread is long: the form is filled from its first 2 messages." in view.words()


def test_a_thread_that_slack_breaks_off_says_how_much_was_read(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = thread(ops)
    monkeypatch.setattr(threads, "_PAGE", 2)
    monkeypatch.setattr(threads, "_LATE", 60)
    with_pages = threads._page  # noqa: SLF001 - Slack goes away between two pages

    def once(*args: Any, **more: Any) -> object:  # noqa: ANN401 - as it was called
        found = with_pages(*args, **more)
        ops.driver.fail("conversations.replies", status=500)
        return found

    monkeypatch.setattr(threads, "_page", once)

    view = shortcut(ops.cleo, ops, root)

    assert typed(view, "What do we do?") == DECIDED
    assert "its first 2 messages" in view.words()
