"""Texts that no one writes by hand."""

import pytest

from bot.usecases.steps.secrets import excerpt

QUESTION = "What do we do when the disk of the build server is full?"


@pytest.mark.parametrize("blank", [" ", "\n", "\t \n"])
def test_an_excerpt_of_a_text_that_begins_with_blanks_is_its_first_words(blank: str) -> None:
    assert excerpt(blank * 600) == ""
    assert excerpt(f"{blank * 600}{QUESTION}") == QUESTION
