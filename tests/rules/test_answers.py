"""The answer of a thread is the message that helps the next time."""

import pytest

from bot.domain.listening.answers import answer_of, best_answer, hear, parts_of
from bot.domain.listening.conversation import Conversation
from bot.domain.recognition import Reading, read
from tests.support.conversations import thread


def readings_of(conversation: Conversation) -> list[Reading]:
    messages = conversation.messages
    return [read(said, messages[:at]) for at, said in enumerate(messages)]


def answer(*lines: str) -> str:
    """Return the text of the answer of a thread."""
    conversation = thread(1, *lines)
    found = answer_of(hear(conversation, readings_of(conversation)))
    return found.said.text if found else ""


def worth(*lines: str) -> float:
    """Return how good an answer the last message of a thread is."""
    conversation = thread(1, *lines)
    return hear(conversation, readings_of(conversation))[-1].worth


ASKED = "ana: the kiln stops at 600 degrees, what do we do?"
RULE = "if the kiln stops, open the damper and restart the fan. never open the door above 200."


@pytest.mark.parametrize(
    "other",
    [
        "ben: thanks, that helped",
        "ana: great, it's running again",
        "ben: did you look at the fan?",
        "ben: done",
        "ben: Done! Let me know if you run into any trouble with it",
        "ben: I'll take a look after lunch",
        "ben: the fuse was replaced and the fan came back at 11:40",
        "ben: not sure, maybe the damper?",
    ],
)
def test_the_answer_is_what_would_work_the_next_time(other: str) -> None:
    assert answer(ASKED, other, f"rik: {RULE}") == RULE
    assert answer(ASKED, f"rik: {RULE}", other) == RULE


@pytest.mark.parametrize(
    "reply",
    [
        "ben: thanks!",
        "ben: which kiln?",
        "ben: ok",
        "ana: no idea",
        "ben: Done! Let me know if you run into any trouble with it",
    ],
)
def test_thanks_and_questions_are_no_answer(reply: str) -> None:
    assert answer(ASKED, reply) == ""


def test_a_later_correction_wins() -> None:
    corrected = "sorry, scratch that: with the new fan the damper stays closed"

    assert answer(ASKED, f"rik: {RULE}", f"rik: {corrected}") == corrected


def test_an_answer_in_parts_is_one_answer() -> None:
    parts = (
        "if the kiln stops, open the damper and restart the fan",
        "never open the door above 200 degrees",
    )
    conversation = thread(1, ASKED, f"rik: {parts[0]}", f"rik: {parts[1]}", "ana: thanks!")
    heard = hear(conversation, readings_of(conversation))
    found = answer_of(heard)

    assert found is not None
    assert [part.said.text for part in parts_of(found, heard)] == list(parts)


def test_of_two_good_answers_the_latest_is_taken() -> None:
    older = thread(1, ASKED, "rik: if the kiln stops, always open the damper first")
    newer = thread(9, ASKED, "rik: if the kiln stops, always close the damper first")
    found = best_answer([hear(each, readings_of(each)) for each in (older, newer)])

    assert found is not None
    assert "close" in found.said.text


def test_a_rule_is_worth_more_than_talk() -> None:
    assert worth(ASKED, f"rik: {RULE}") > 0.5
    assert worth(ASKED, "rik: I'll take a look") < 0.2
    assert worth(ASKED, "rik: thanks") < 0.2
