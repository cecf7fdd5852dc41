"""Titles made from a message's first sentence."""

import pytest

from bot.domain.threads import title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hi all, the queue hangs.", "The queue hangs"),
        ("Hello everyone! The queue hangs again", "The queue hangs again"),
        ("hey @ana, ok so the queue hangs", "The queue hangs"),
        ("All consumers hang.", "All consumers hang"),
        ("Hiring starts on Monday", "Hiring starts on Monday"),
    ],
)
def test_a_greeting_is_not_part_of_the_title(text: str, title: str) -> None:
    assert title_of(text) == title
