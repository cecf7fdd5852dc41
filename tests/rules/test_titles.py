"""Titles of matters name them as a person would, in words that were said."""

import pytest

from bot.domain.listening.conversation import Conversation
from bot.domain.listening.titles import make_title, title_of
from tests.support.conversations import thread


def title(*openings: str) -> str:
    """Return the title of threads that open with these texts."""
    return make_title([thread(day, f"ben: {text}") for day, text in enumerate(openings, 1)])[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I am getting strange smoke warnings in the oven hall",
            "Strange smoke warnings in the oven hall",
        ),
        ("Is there a good way that I can print the plan twice?", "How to print the plan twice"),
        ("my loom cannot find the pattern", "Loom cannot find the pattern"),
        ("The revolving stage (the small one) stops halfway", "Revolving stage stops halfway"),
        (
            "sorry all, the surtitles show the wrong language since Tuesday evening",
            "Surtitles show the wrong language",
        ),
        ("recently the curtain motor trips the fuse", "Curtain motor trips the fuse"),
        ("There's an error, saying that the loom is not level", "Loom is not level"),
        ("theres no varnish left in the paint shop", "No varnish left in the paint shop"),
    ],
)
def test_a_title_says_what_it_is_about_and_no_more(text: str, expected: str) -> None:
    assert title(text) == expected


def test_a_quoted_error_makes_a_title() -> None:
    text = 'tried it twice with my badge. I get "Lamp driver not responding" and then I am out'

    assert title(text) == "Lamp driver not responding"


def test_code_is_no_title() -> None:
    text = "rig = load_rig('main').assign(x=3)\nthe dimmer rack loses its settings"

    assert title(text) == "Dimmer rack loses its settings"


def test_a_title_is_not_cut_before_what_is_wrong() -> None:
    text = "the ticket machine prints seats in row B without a number"

    assert title(text).endswith("without a number")


def test_words_that_come_up_again_make_the_title() -> None:
    first = "Good morning, it is cold in the foyer. The wardrobe lift is stuck between two floors."
    later = "wardrobe lift again, between floors, with two coats"

    assert "ardrobe lift" in title(first, later)


def test_what_someone_did_is_no_title_if_another_says_what_is_wrong() -> None:
    assert title("emptied bay 4", "the scrap bay is full, no room left") == "Scrap bay is full"


def test_a_thread_that_opens_with_a_name_is_named_by_its_replies() -> None:
    conversation = thread(1, "ben: @rik", "rik: the fog machine leaks oil on the trap door")

    assert make_title([conversation])[0] == "Fog machine leaks oil on the trap door"


@pytest.mark.parametrize("text", ["hi", "https://stage.example/42", "@rik :wave:"])
def test_a_text_that_says_nothing_still_has_a_title(text: str) -> None:
    assert title_of(text)


def test_a_title_is_no_link() -> None:
    assert title_of("https://stage.example/42 gobo wheel") == "Gobo wheel"


def test_names_of_people_say_nothing_about_a_matter() -> None:
    conversations = [
        thread(1, "ben: Rik says the organ bellows leak"),
        thread(2, "ben: Rik is on the phone, the bellows of the organ again"),
    ]

    assert "Rik" not in make_title(conversations)[0]


def test_a_title_is_a_part_of_what_was_said() -> None:
    conversation: Conversation = thread(1, "ben: the dye vat in hall 2 foams over again, help")
    name, sources = make_title([conversation])

    assert name.lower() in conversation.messages[0].text
    assert sources == (conversation.messages[0],)
