"""The words of this project, counted: docs/glossary.md and CONTRIBUTING.md say how it writes."""

import pytest

from tests.house.turns import FOLDERS, count, turns

# In 10,000 words. The projects whose prose we like have 0 to 2.
MOST = 5


def test_few_turns_of_phrase_make_a_reader_stop() -> None:
    counted = [count(folder) for folder in FOLDERS]
    words = sum(each.words for each in counted)
    found = [turn for each in counted for turn in each.turns]

    assert len(found) * 10_000 <= MOST * words, "\n".join(map(str, found))


@pytest.mark.parametrize(
    "text",
    [
        "What is said in a channel arrives here.",
        "Return the owner. Whom it concerns is told.",
        "Of whom Slack says nothing, nothing changes.",
        "The card is drawn anew.",
        "Nobody hears of it.",
        "A line stands below the title.",
        "It can not be undone.",
    ],
)
def test_a_turn_is_counted(text: str) -> None:
    assert len(turns(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "What do we do when the hub is down?",
        "Return what the thread suggests.",
        "The backup stands in for the owner.",
        "Call `anew()` to begin.",
        "Say who approves it.",
    ],
)
def test_plain_english_is_not_counted(text: str) -> None:
    assert turns(text) == []
