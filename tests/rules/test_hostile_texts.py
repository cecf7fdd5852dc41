"""Texts that no one writes by hand: they are read in a moment too, whatever is repeated in them."""

import time
from datetime import UTC, datetime

import pytest

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.drafts import draft_entry
from bot.domain.listening.terms import terms
from bot.domain.recognition import read
from bot.usecases.steps.secrets import excerpt

LONG = 4000
REPEATED = (
    "\n",
    " ",
    "a ",
    "<",
    "<@U",
    "from now on ",
    "@a ",
    "1. a\n",
    "if a then b, ",
    "because ",
)
QUESTION = "What do we do when the disk of the build server is full?"


def said(text: str, user: str, ts: str) -> Said:
    return Said(
        channel=ChannelId("C0OPS"),
        ts=ts,
        root="1772618400.000100",
        user=UserId(user),
        text=text,
        at=datetime.fromtimestamp(float(ts), UTC),
        mentions=(),
    )


@pytest.mark.parametrize("repeated", REPEATED)
def test_a_repeated_text_is_read_in_a_moment(repeated: str) -> None:
    text = repeated * (LONG // len(repeated))
    question = said(QUESTION, "U0BEN0001", "1772618400.000100")
    answer = said(f"From now on we always {text}", "U0ANA0001", "1772618460.000100")
    began = time.thread_time()

    readings = [read(question, ()), read(answer, (question,))]
    terms(text * 4)
    assert time.thread_time() - began < 1

    draft_entry([Conversation(messages=(question, answer))], [readings])
    assert time.thread_time() - began < 3


@pytest.mark.parametrize("blank", [" ", "\n", "\t \n"])
def test_an_excerpt_of_a_text_that_begins_with_blanks_is_its_first_words(blank: str) -> None:
    assert excerpt(blank * 600) == ""
    assert excerpt(f"{blank * 600}{QUESTION}") == QUESTION
