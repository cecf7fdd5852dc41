"""Messages on one subject go down one path, others do not, and a covered question is seen."""

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
    """Return the messages by path, as a listener would send them down, by index."""
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


def test_words_are_stemmed_alike() -> None:
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
def test_talk_names_numbers_hosts_and_pasted_code_are_no_terms(text: str) -> None:
    assert terms(text) == frozenset()


def test_a_mention_leaves_no_name_behind() -> None:
    assert terms("@gateway.admin restart") == terms("restart")


def test_only_the_head_of_a_message_says_what_it_is_about() -> None:
    text = "gateway " + "and " * 200 + "certificate"

    assert terms(text) == terms("gateway")
    assert terms(text, first=None) == terms("gateway certificate")


def test_messages_on_one_subject_go_down_one_path() -> None:
    first, second, third = CERTIFICATE
    one, two = QUEUE

    assert grouped([first, one, DOORS, second, two, third]) == [[0, 3, 5], [1, 4], [2]]


def test_two_alike_messages_are_enough_in_a_new_channel() -> None:
    assert grouped(list(QUEUE)) == [[0, 1]]


def test_one_shared_word_is_chance() -> None:
    assert similarity(terms("restart the gateway"), terms("restart the printer")) == 0


def test_words_that_occur_everywhere_do_not_make_a_path() -> None:
    talk = [frozenset({"gateway", "cluster", f"word{chr(97 + n)}"}) for n in range(26)]

    assert similarity(talk[0], talk[1]) >= SAME_PATH
    assert similarity(talk[0], talk[1], rarities(talk)) < SAME_PATH


def test_a_path_is_likest_to_what_came_back_most() -> None:
    gap = Counter({"queue": 5, "bill": 5, "restart": 4, "printer": 1, "toner": 1})

    assert similarity(frozenset({"queue", "bill"}), gap) > similarity(
        frozenset({"printer", "toner"}), gap
    )


def test_no_path_is_near_when_there_is_none() -> None:
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
def test_likeness_is_a_share_and_the_same_both_ways(a: dict[str, int], b: dict[str, int]) -> None:
    likeness = similarity(a, b)

    assert 0 <= likeness <= 1
    assert likeness == pytest.approx(similarity(b, a))
    assert similarity(frozenset(a), frozenset(b)) == pytest.approx(
        similarity(frozenset(b), frozenset(a))
    )


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 50), min_size=3))
def test_a_path_is_wholly_like_itself(gap: dict[str, int]) -> None:
    assert similarity(gap, gap) == pytest.approx(1)


@given(st.frozensets(st.sampled_from("abcdefgh")), st.frozensets(st.sampled_from("abcdefgh")))
def test_cover_is_a_share(question: frozenset[str], entry: frozenset[str]) -> None:
    assert 0 <= coverage(question, entry) <= 1


@given(st.text(max_size=2000))
def test_any_text_has_terms_without_a_digit(text: str) -> None:
    assert not any(character.isdecimal() for term in terms(text) for character in term)


@pytest.mark.parametrize(
    "text", ["a" * 40_000, "a-" * 20_000, "`\n" * 20_000, "\U0001f525" * 40_000]
)
def test_a_huge_text_has_few_terms(text: str) -> None:
    assert len(terms(text, first=None)) <= 2
