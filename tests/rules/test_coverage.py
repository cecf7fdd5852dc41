"""An entry covers a thread only if it's much closer than every other entry."""

from datetime import UTC, datetime

import pytest

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.coverage import Cover, cover_messages, find_cover, text_of
from bot.domain.ranking import EntryText, read_corpus, read_document

DOCUMENTS = [
    read_document(
        "DEC-1",
        EntryText(
            title="Refund a customer who was charged twice",
            trigger="A customer sees two charges for the same order on their statement.",
            rule="Support returns the second charge if it's under 200 euro, else ask finance.",
        ),
    ),
    read_document(
        "ESC-1",
        EntryText(
            title="Settlement file is late",
            trigger="The settlement file of the processor isn't in the folder at 08:00.",
            rule="Call the service desk of the processor, then treasury.",
        ),
    ),
]
CORPUS = read_corpus(DOCUMENTS)


def thread(*lines: tuple[str, str], named: frozenset[str] = frozenset()) -> Conversation:
    return Conversation(
        messages=tuple(
            Said(
                channel=ChannelId("C1"),
                ts=f"{place}.0",
                root="0.0",
                user=UserId(user),
                text=text,
                at=datetime.fromtimestamp(place, UTC),
            )
            for place, (user, text) in enumerate(lines)
        ),
        named=named,
    )


REFUND = thread(
    ("ana", "A customer was charged twice for the same order, two charges on the statement"),
    ("ben", "under 200 euro support returns the second charge"),
    ("ana", "thanks!"),
)


def test_the_closest_entry_covers_a_thread() -> None:
    cover = find_cover(REFUND, DOCUMENTS, CORPUS)
    assert cover is not None
    assert cover.key == "DEC-1"
    assert cover.is_in_doubt


def test_a_thread_about_something_else_is_not_in_doubt() -> None:
    cover = find_cover(thread(("ana", "who brings cake on friday?")), DOCUMENTS, CORPUS)
    assert cover is not None
    assert not cover.is_in_doubt


def test_nothing_covers_a_thread_without_entries() -> None:
    assert find_cover(REFUND, []) is None


def test_more_of_the_thread_makes_it_surer() -> None:
    opening = find_cover(Conversation(messages=REFUND.opening), DOCUMENTS, CORPUS)
    whole = find_cover(REFUND, DOCUMENTS, CORPUS)
    assert opening
    assert whole
    assert whole.probability > opening.probability


def test_thanks_are_not_about_the_matter() -> None:
    cover = find_cover(REFUND, DOCUMENTS, CORPUS)
    assert cover
    chances = cover_messages(REFUND, cover, DOCUMENTS[0], CORPUS)
    assert chances[2] == 0.0
    assert 0 < chances[0] <= cover.probability


def test_mentions_links_and_names_are_no_words_of_the_matter() -> None:
    said = thread(
        ("ana", "<@U1> @ben refund for Fern :eyes: https://x.example/1"),
        named=frozenset({"Fern"}),
    )
    assert text_of(said).split() == ["refund", "for"]


def test_a_cover_is_surer_if_a_thread_of_the_same_group_has_the_same_one() -> None:
    cover = Cover(key="DEC-1", probability=0.5)
    surer, other = Cover(key="DEC-1", probability=0.9), Cover(key="ESC-1", probability=0.9)

    assert cover.agree([surer]).probability == pytest.approx(0.75)
    assert cover.agree([Cover(key="DEC-1", probability=1.0)]).probability < 1
    assert surer.agree([cover]) == surer
    assert cover.agree([other]) == cover
    assert cover.agree([]) == cover
