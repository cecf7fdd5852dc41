"""When to ask someone to write a matter down, and whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, combinations
from typing import Final

from bot.domain.entries import UserId
from bot.domain.kinds import Kind
from bot.domain.listening.asking import is_first_reply
from bot.domain.listening.heard import Heard
from bot.domain.listening.matters import (
    Occurrence,
    answer_worth,
    find_answerer,
    is_recurring,
)
from bot.domain.recognition import SpeechAct

# Thresholds on probabilities, set on the labeled teams, each left out: docs/recognition.md.
# The mean likelihood from which two groups of threads are one, without and with embeddings.
JOIN: Final = 0.17
JOIN_BY_MEANING: Final = 0.23
# A lone message that is small talk with this probability isn't an occurrence.
SMALL_TALK: Final = 0.85
# Nor is one that states a rule with less than this.
STANDING: Final = 0.6
# A rule in one of the first replies to somebody else, and one anywhere else.
RULE: Final = 0.4
OUTRIGHT: Final = 0.9
# A group of two threads or more is one recurring matter, and asking about it is right.
MATTER: Final = 0.4
RIGHT: Final = 0.5
CAME_BACK: Final = 2
# The worth from which a message is a clear answer, see `answer_worth`; without one, an entry would
# say nothing.
CLEAR: Final = 1.0
# Or else someone said much the same in two of its threads: so many terms, and this share of them.
REPEATED_TERMS: Final = 2
REPEATED: Final = 0.5
# Messages in a thread of a group, on average. Longer ones are talks about several things.
TALK: Final = 8
# An entry that covers a thread with at least this probability is shown to the asker.
COVERED: Final = 0.65
# From this probability on, an entry may cover the thread, so no one is asked to write it down.
DOUBTFUL: Final = 0.2
# A group of threads is shown as a gap if it's one recurring matter with at least this probability.
SHOWN: Final = 0.5

# A thread has settled after this time without a message, or once someone closes it.
QUIET: Final = timedelta(minutes=15)
# A channel stays in the hot phase of an incident for this long after a message that belongs to it.
HOT: Final = timedelta(hours=1)


class PromptReason(StrEnum):
    """Why someone is prompted."""

    RECURS = "recurs"
    STANDING_RULE = "standing_rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A prompt that is worth showing: to whom, about which message, and why.

    `worth`: how likely it is right, 0 to 1.
    """

    to: UserId
    ts: str
    kind: Kind
    reason: PromptReason
    worth: float


def kind_of(messages: Collection[Heard]) -> Kind:
    """Return the kind of entry that messages read most like; a decision if unclear."""
    scores = {
        Kind.DECISION: max(said.reading.scores[SpeechAct.DECISION] for said in messages),
        Kind.HANDOFF: max(said.reading.scores[SpeechAct.HANDOFF] for said in messages),
        Kind.ESCALATION: max(said.reading.scores[SpeechAct.ESCALATION] for said in messages),
    }
    return max(scores, key=lambda kind: (scores[kind], kind is Kind.DECISION))


def is_small_talk(messages: Sequence[Heard]) -> bool:
    """Return whether a lone message holds no matter of work, nor a rule."""
    first = messages[0].reading
    return len(messages) == 1 and first.small_talk >= SMALL_TALK and first.standing < STANDING


def hurts(messages: Collection[Heard]) -> bool:
    """Return whether asking about a thread would hurt: illness, death, leaving and the like."""
    return any(said.reading.acute for said in messages)


def is_hot(last_incident: datetime | None, now: datetime) -> bool:
    """Return whether a channel is in the hot phase of an incident."""
    return last_incident is not None and now - last_incident < HOT


def standing_rule(messages: Sequence[Heard]) -> Candidate | None:
    """Return the prompt to the author of a standing rule that a thread states.

    In the midst of a talk or as news, much sounds like a rule, so there it must be outright.
    Someone who asked in the thread doesn't state its rule.
    """
    rule = max(messages, key=lambda said: said.reading.standing)
    bar = RULE if is_first_reply(rule, messages) else OUTRIGHT
    if _has_asked(rule, messages) or rule.reading.standing < bar:
        return None
    return Candidate(
        to=rule.user,
        ts=rule.ts,
        kind=kind_of([rule]),
        reason=PromptReason.STANDING_RULE,
        worth=rule.reading.standing,
    )


def _has_asked(said: Heard, messages: Sequence[Heard]) -> bool:
    """Return whether the author of a message asks something in it or asked before in the thread."""
    so_far = messages[: messages.index(said) + 1]
    return any(each.asks for each in so_far if each.user == said.user)


def _is_answered(occurrences: Sequence[Occurrence], answerer: UserId) -> bool:
    """Return whether a person who hadn't asked answered clearly or twice, and not in long talks."""
    count = sum(len(one.messages) for one in occurrences)
    answers = [_answers_of(answerer, one) for one in occurrences]
    return count <= TALK * len(occurrences) and (
        any(answer_worth(said) >= CLEAR for said in chain.from_iterable(answers))
        or _is_repeated(answers)
    )


def _answers_of(user: UserId, one: Occurrence) -> list[Heard]:
    """Return the messages of a person in a thread in which they haven't asked."""
    theirs = [said for said in one.messages if said.user == user]
    return [said for said in theirs if not _has_asked(said, one.messages)]


def _is_repeated(answers: Sequence[Sequence[Heard]]) -> bool:
    """Return whether someone said much the same in two threads."""
    said = [frozenset[int]().union(*(one.terms for one in theirs)) for theirs in answers]
    return any(
        len(a & b) >= REPEATED_TERMS and len(a & b) >= REPEATED * min(len(a), len(b))
        for a, b in combinations(said, 2)
    )


def recurrence(
    occurrences: Sequence[Occurrence], *, matter: float, right: float
) -> Candidate | None:
    """Return the prompt to the person with the answer to a matter that came back.

    `matter`: how likely the occurrences are one matter. `right`: how likely it is right to ask.
    The last one has just settled; the prompt is about what the person said in it.
    """
    if len(occurrences) < CAME_BACK or not is_recurring(occurrences):
        return None
    answerer = find_answerer(occurrences)
    if answerer is None or matter < MATTER or right < RIGHT:
        return None
    if not _is_answered(occurrences, answerer):
        return None
    latest = occurrences[-1]
    theirs = [said for said in latest.messages if said.user == answerer]
    answer = max(theirs, key=answer_worth, default=latest.answer)
    return Candidate(
        to=answerer,
        ts=answer.ts,
        kind=kind_of([said for one in occurrences for said in one.messages]),
        reason=PromptReason.RECURS,
        worth=right,
    )
