"""Messages on one subject belong to one gap, and a covered question is recognized."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.likeness import (
    COVERED,
    SAME_PATH,
    coverage,
    nearest,
    rarities,
    similarity,
    terms,
)

CERTIFICATE = (
    "the certificate of the mail gateway expires tomorrow, who renews it?",
    "mail gateway certificate expired again, can someone renew it?",
    "How do we renew the certificate on the mail gateway?",
)
QUEUE = (
    "can someone restart the billing queue, the consumers hang",
    "billing queue hangs again, please restart the consumers",
)
DOORS = "the badge reader at the loading dock does not open the door"


def grouped(messages: list[str]) -> list[list[int]]:
    """Return the indexes of the messages by gap, as listening would group them."""
    gaps: list[Counter[str]] = []
    members: list[list[int]] = []
    for index, message in enumerate(messages):
        found = nearest(terms(message), gaps)
        if found is None:
            gaps.append(Counter())
            members.append([])
            found = -1
        gaps[found].update(terms(message))
        members[found].append(index)
    return members


def test_forms_of_a_word_have_the_same_stem() -> None:
    assert terms("restart") == terms("restarts") == terms("restarted") == terms("restarting")
    assert terms("policies") == terms("policy")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "thanks, could you please have a look at it again tomorrow?",
        "@lena #ops :fire: <>",
        "https://git.example.com/ops/infra/pull/88",
        "db3.example.org 10.0.0.7 17:45 OPS-341 a1b2c3 /var/log/syslog --all-nodes=7",
        "```\nTraceback of gateway\n```",
        "```\nTraceback of gateway",
    ],
)
def test_small_talk_names_numbers_hosts_and_code_are_not_terms(text: str) -> None:
    assert terms(text) == frozenset()


def test_a_mention_adds_no_term() -> None:
    assert terms("@gateway.admin restart") == terms("restart")


def test_only_the_beginning_of_a_message_says_what_it_is_about() -> None:
    text = "gateway " + "and " * 200 + "certificate"

    assert terms(text) == terms("gateway")
    assert terms(text, first=None) == terms("gateway certificate")


def test_messages_on_one_subject_belong_to_one_gap() -> None:
    first, second, third = CERTIFICATE
    one, two = QUEUE

    assert grouped([first, one, DOORS, second, two, third]) == [[0, 3, 5], [1, 4], [2]]


def test_two_alike_messages_are_enough_in_a_new_channel() -> None:
    assert grouped(list(QUEUE)) == [[0, 1]]


def test_one_shared_word_is_chance() -> None:
    assert similarity(terms("restart the gateway"), terms("restart the printer")) == 0


def test_words_that_occur_everywhere_do_not_make_a_gap() -> None:
    talk = [frozenset({"gateway", "cluster", f"word{chr(97 + n)}"}) for n in range(26)]

    assert similarity(talk[0], talk[1]) >= SAME_PATH
    assert similarity(talk[0], talk[1], rarities(talk)) < SAME_PATH


def test_a_gap_is_most_similar_to_its_most_frequent_words() -> None:
    gap = Counter({"queue": 5, "bill": 5, "restart": 4, "printer": 1, "toner": 1})

    assert similarity(frozenset({"queue", "bill"}), gap) > similarity(
        frozenset({"printer", "toner"}), gap
    )


def test_without_gaps_no_gap_is_similar() -> None:
    assert nearest(terms(DOORS), []) is None
    assert nearest(frozenset(), [Counter(terms(DOORS))]) is None


def test_an_entry_on_the_subject_covers_the_question() -> None:
    entry = terms("Renewing the certificate of the mail gateway") | terms(
        "Ask the certificate desk a week before it expires, then reload the gateway."
    )

    assert coverage(terms(CERTIFICATE[2]), entry) >= COVERED
    assert coverage(terms(QUEUE[0]), entry) < COVERED


def test_one_shared_word_covers_nothing() -> None:
    assert coverage(terms("gateway?"), terms("the mail gateway")) == 0
    assert coverage(frozenset(), terms("the mail gateway")) == 0


COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 50), max_size=8)


@given(COUNTS, COUNTS)
def test_likeness_is_between_zero_and_one_and_symmetric(
    a: dict[str, int], b: dict[str, int]
) -> None:
    likeness = similarity(a, b)

    assert 0 <= likeness <= 1
    assert likeness == pytest.approx(similarity(b, a))
    assert similarity(frozenset(a), frozenset(b)) == pytest.approx(
        similarity(frozenset(b), frozenset(a))
    )


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 50), min_size=3))
def test_a_gap_has_likeness_one_with_itself(gap: dict[str, int]) -> None:
    assert similarity(gap, gap) == pytest.approx(1)


@given(st.frozensets(st.sampled_from("abcdefgh")), st.frozensets(st.sampled_from("abcdefgh")))
def test_cover_is_between_zero_and_one(question: frozenset[str], entry: frozenset[str]) -> None:
    assert 0 <= coverage(question, entry) <= 1


@given(st.text(max_size=2000))
def test_any_text_has_terms_without_a_digit(text: str) -> None:
    assert not any(character.isdecimal() for term in terms(text) for character in term)


@pytest.mark.parametrize(
    "text", ["a" * 40_000, "a-" * 20_000, "`\n" * 20_000, "\U0001f525" * 40_000]
)
def test_a_huge_text_has_few_terms(text: str) -> None:
    assert len(terms(text, first=None)) <= 2
