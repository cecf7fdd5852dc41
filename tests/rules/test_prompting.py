"""When someone is asked to record a matter, and who that is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entries import UserId
from bot.domain.kinds import Kind
from bot.domain.listening.heard import Heard
from bot.domain.listening.matters import Occurrence
from bot.domain.listening.prompting import (
    CLEAR,
    HOT,
    MATTER,
    OUTRIGHT,
    RIGHT,
    RULE,
    TALK,
    Candidate,
    PromptReason,
    hurts,
    is_hot,
    kind_of,
    recurrence,
    standing_rule,
)
from bot.domain.recognition import Reading, SpeechAct

MONDAY: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
ANA, BEN, CLEO = map(UserId, ("ana", "ben", "cleo"))
SILENT: Final = Reading(
    act=SpeechAct.NONE,
    score=0.0,
    scores=dict.fromkeys((act for act in SpeechAct if act is not SpeechAct.NONE), 0.0),
    standing=0.0,
    settles=0.0,
    closes=False,
    acute=False,
    incident=False,
    small_talk=0.0,
)


def heard(user: UserId = ANA, at: datetime = MONDAY, **reading: object) -> Heard:
    return Heard(
        ts=f"{at.timestamp():.6f}",
        user=user,
        at=at,
        mentions=frozenset(),
        terms=frozenset(),
        pairs=frozenset(),
        identifiers=frozenset(),
        words=5,
        asks=False,
        reading=replace(SILENT, **reading),  # type: ignore[arg-type] # as the caller names them
    )


def thread(day: int, asker: UserId, answerer: UserId, settles: float = 0.9) -> Occurrence:
    """Return a thread that one person opens and another settles by a decision."""
    at = MONDAY + timedelta(days=day)
    decides = scores(decision=CLEAR - 0.9)
    answer = heard(answerer, at + timedelta(minutes=2), settles=settles, scores=decides)
    return Occurrence(messages=(heard(asker, at), answer))


def talk(day: int, messages: int) -> Occurrence:
    """Return a thread of so many messages that Cleo settles."""
    answered = thread(day, ANA, CLEO)
    at = answered.messages[-1].at
    more = [heard(BEN, at + timedelta(minutes=n)) for n in range(1, messages - 1)]
    return replace(answered, messages=(*answered.messages, *more))


def scores(**of: float) -> dict[SpeechAct, float]:
    return {**SILENT.scores, **{SpeechAct(act): score for act, score in of.items()}}


def test_the_one_who_settled_a_matter_is_asked_when_it_comes_back() -> None:
    threads = [thread(0, ANA, CLEO), thread(7, BEN, CLEO), thread(14, ANA, CLEO)]

    asked = recurrence(threads, matter=MATTER, right=RIGHT)

    assert asked == Candidate(
        to=CLEO,
        ts=threads[2].messages[1].ts,
        kind=Kind.DECISION,
        reason=PromptReason.RECURS,
        worth=RIGHT,
    )


def test_a_prompt_is_about_what_the_person_said_last() -> None:
    last = thread(7, BEN, ANA, settles=0.2)
    hers = heard(CLEO, last.at + timedelta(minutes=5), settles=0.1)
    threads = [thread(0, ANA, CLEO, settles=1.0), replace(last, messages=(*last.messages, hers))]

    asked = recurrence(threads, matter=1.0, right=1.0)

    assert asked is not None
    assert (asked.to, asked.ts) == (CLEO, hers.ts)


@pytest.mark.parametrize(
    ("threads", "matter", "right"),
    [
        ([thread(0, ANA, CLEO)], 1.0, 1.0),
        ([thread(0, ANA, CLEO)] * 3, 1.0, 1.0),
        ([thread(day, ANA, CLEO) for day in range(3)], MATTER - 0.01, 1.0),
        ([thread(day, ANA, CLEO) for day in range(3)], 1.0, RIGHT - 0.01),
        ([thread(day, ANA, CLEO, 0.89) for day in range(3)], 1.0, 1.0),
        ([talk(0, TALK), talk(1, TALK + 1)], 1.0, 1.0),
    ],
    ids=[
        "once",
        "one person on one day",
        "perhaps two matters",
        "hardly right",
        "not clearly answered",
        "long talks",
    ],
)
def test_no_one_is_asked_about_what_may_not_be_a_matter(
    threads: list[Occurrence], matter: float, right: float
) -> None:
    assert recurrence(threads, matter=matter, right=right) is None


def test_an_answer_that_is_not_clear_counts_if_it_is_given_twice() -> None:
    words = frozenset(range(4))
    first, other = (_says(thread(day, ANA, CLEO, 0.1), words) for day in range(2))
    assert recurrence([first, other], matter=1.0, right=1.0) is not None

    different = _says(other, frozenset({0, 7, 8, 9}))
    assert recurrence([first, different], matter=1.0, right=1.0) is None
    by_ben = _says(thread(1, ANA, BEN, 0.1), words)
    assert recurrence([first, by_ben], matter=1.0, right=1.0) is None


def _says(answered: Occurrence, terms: frozenset[int]) -> Occurrence:
    """Return a thread whose answer has some terms."""
    opening, answer = answered.messages
    return replace(answered, messages=(opening, replace(answer, terms=terms)))


def test_someone_who_asked_in_the_thread_did_not_answer_it() -> None:
    threads = [thread(day, ANA, CLEO) for day in range(2)]
    asked = [replace(one, messages=_after_a_question(one, CLEO)) for one in threads]

    assert recurrence(asked, matter=1.0, right=1.0) is None
    assert recurrence([threads[0], asked[1]], matter=1.0, right=1.0) is not None


def _after_a_question(answered: Occurrence, asker: UserId) -> tuple[Heard, ...]:
    """Return the messages of a thread in which someone asks right after the opening."""
    opening, *rest = answered.messages
    question = replace(heard(asker, opening.at + timedelta(minutes=1)), asks=True)
    return (opening, question, *rest)


def test_threads_that_are_just_short_enough_are_asked_about() -> None:
    assert recurrence([talk(0, TALK), talk(1, TALK)], matter=1.0, right=1.0) is not None


def test_the_author_of_a_standing_rule_is_asked_about_it() -> None:
    rule = heard(BEN, standing=RULE, scores=scores(handoff=0.9))

    asked = standing_rule([heard(ANA), rule])

    assert asked is not None
    assert (asked.to, asked.ts, asked.kind) == (BEN, rule.ts, Kind.HANDOFF)
    assert asked.reason is PromptReason.STANDING_RULE


@pytest.mark.parametrize(
    ("before", "asked"),
    [([], False), ([ANA], True), ([ANA, ANA], True), ([ANA] * 3, False), ([BEN], False)],
    ids=["opening", "first reply", "second message", "in a talk", "own opening"],
)
def test_a_rule_counts_as_one_if_it_answers_or_is_outright(
    before: list[UserId],
    asked: bool,  # noqa: FBT001 - of one case
) -> None:
    earlier = [heard(user, MONDAY + timedelta(minutes=n)) for n, user in enumerate(before)]
    at = MONDAY + timedelta(hours=1)

    assert (
        standing_rule([*earlier, heard(BEN, at, standing=OUTRIGHT - 0.01)]) is not None
    ) == asked
    assert standing_rule([*earlier, heard(BEN, at, standing=OUTRIGHT)]) is not None
    assert standing_rule([*earlier, heard(BEN, at, standing=RULE - 0.01)]) is None


def test_the_author_of_a_question_states_no_rule() -> None:
    rule = replace(heard(BEN, standing=OUTRIGHT), asks=True)

    assert standing_rule([heard(ANA), rule]) is None


def test_someone_who_asked_before_states_no_rule() -> None:
    question = replace(heard(BEN, MONDAY + timedelta(minutes=1)), asks=True)
    rule = heard(BEN, MONDAY + timedelta(minutes=2), standing=OUTRIGHT)

    assert standing_rule([heard(ANA), question, rule]) is None
    assert standing_rule([heard(ANA), replace(question, user=CLEO), rule]) is not None


def test_the_kind_is_of_the_clearest_speech_act_and_a_decision_if_none_is() -> None:
    assert kind_of([heard(), heard()]) is Kind.DECISION
    unclear = heard(scores=scores(decision=0.5, escalation=0.5))
    assert kind_of([unclear]) is Kind.DECISION
    clear = heard(scores=scores(escalation=0.6))
    assert kind_of([unclear, clear]) is Kind.ESCALATION


def test_asking_about_a_thread_hurts_if_one_of_its_messages_is_acute() -> None:
    assert not hurts([heard(), heard()])
    assert hurts([heard(), heard(acute=True)])


@given(st.timedeltas(min_value=timedelta(0), max_value=3 * HOT))
def test_a_channel_is_hot_for_a_while_after_an_incident(passed: timedelta) -> None:
    assert is_hot(MONDAY, MONDAY + passed) == (passed < HOT)
    assert not is_hot(None, MONDAY + passed)
