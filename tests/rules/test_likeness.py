"""Texts about one matter are alike, and a covered question is recognized."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.likeness import (
    COVERED,
    SAME_PATH,
    coverage,
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


def test_messages_about_one_matter_are_alike_and_others_are_not() -> None:
    for matter, other in ((CERTIFICATE, (*QUEUE, DOORS)), (QUEUE, (*CERTIFICATE, DOORS))):
        first, *rest = map(terms, matter)
        assert all(similarity(first, text) >= SAME_PATH for text in rest)
        assert all(similarity(first, terms(text)) < SAME_PATH for text in other)


def test_one_shared_word_is_chance() -> None:
    assert similarity(terms("restart the gateway"), terms("restart the printer")) == 0


def test_an_entry_on_the_subject_covers_the_question() -> None:
    entry = terms("Renewing the certificate of the mail gateway") | terms(
        "Ask the certificate desk a week before it expires, then reload the gateway."
    )

    assert coverage(terms(CERTIFICATE[2]), entry) >= COVERED
    assert coverage(terms(QUEUE[0]), entry) < COVERED


def test_one_shared_word_covers_nothing() -> None:
    assert coverage(terms("gateway?"), terms("the mail gateway")) == 0
    assert coverage(frozenset(), terms("the mail gateway")) == 0


TERMS = st.frozensets(st.sampled_from("abcdefgh"))


@given(TERMS, TERMS)
def test_likeness_is_between_zero_and_one_and_symmetric(
    a: frozenset[str], b: frozenset[str]
) -> None:
    assert 0 <= similarity(a, b) <= 1
    assert similarity(a, b) == pytest.approx(similarity(b, a))


@given(st.frozensets(st.sampled_from("abcdefgh"), min_size=3))
def test_a_text_has_likeness_one_with_itself(text: frozenset[str]) -> None:
    assert similarity(text, text) == pytest.approx(1)


@given(TERMS, TERMS)
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
