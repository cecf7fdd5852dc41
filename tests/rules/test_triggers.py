"""Triggers: the words of openings, as a condition to recognize a matter by."""

import pytest

from bot.domain.listening.titles import make_title
from bot.domain.listening.triggers import find_condition, find_triggers
from tests.support.conversations import PEOPLE, thread


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        (
            "Good morning, I hope you had a nice day! The ice maker leaks again. What do we do?",
            "The ice maker leaks again.",
        ),
        ("Good morning to me. the ice maker leaks into the cellar", "the ice maker leaks into"),
        ("who may order a new ice maker?", "who may order a new ice maker?"),
        ("Piet is here. May he have the keys of the cellar?", "Piet is here. May he have the keys"),
        (
            "the ice maker leaks into the cellar\nhttps://photos.example/1",
            "the ice maker leaks into",
        ),
        ("the ice maker leaks into the cellar. thanks in advance!", "the ice maker leaks into"),
    ],
)
def test_a_condition_says_what_is_so(said: str, condition: str) -> None:
    found = find_condition(said, PEOPLE)

    assert found.startswith(condition)
    assert found in " ".join(said.split())
    assert "thanks" not in found
    assert "photos" not in found


def test_a_long_condition_ends_after_a_sentence() -> None:
    said = f"The ice maker leaks. {'Water runs along the wall of the cellar. ' * 10}"

    assert find_condition(said).endswith("cellar. …")
    assert len(find_condition(said)) <= 240


def triggers(*openings: str) -> list[str]:
    conversations = [thread(day, f"ben: {text}") for day, text in enumerate(openings, 1)]
    title = make_title(conversations)[1][0]
    return [text for text, _ in find_triggers(conversations, [], title, PEOPLE)]


def test_what_someone_did_is_no_condition() -> None:
    assert triggers("the ice maker leaks again", "emptied the ice maker") == [
        "the ice maker leaks again"
    ]


def test_without_any_other_what_someone_did_has_to_do() -> None:
    assert triggers("emptied the ice maker") == ["emptied the ice maker"]
