"""Whether a group of threads is a recurring matter, and who knows the answer to it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from math import log
from typing import Final, TypeVar

from bot.domain.entries import UserId
from bot.domain.listening.heard import Heard
from bot.domain.listening.models import Models
from bot.domain.recognition import SpeechAct

FEATURES: Final = (
    *("likely", "likeliest", "least_linked", "threads", "people", "days", "settled_by_one"),
    *("lone", "answered", "asks", "words", "small_talk", "settles", "standing"),
    *("decides", "escalates", "hands_over", "questions", "reports", "closes"),
)

Thread = TypeVar("Thread")

# How much more the latest answer counts than an early one.
_RECENT: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One thread in which a matter came up: its messages, oldest first; never empty."""

    messages: tuple[Heard, ...]

    @property
    def at(self) -> datetime:
        """When the matter came up."""
        return self.messages[0].at

    @property
    def asker(self) -> UserId:
        """The person who opened the thread."""
        return self.messages[0].user

    @property
    def answer(self) -> Heard:
        """The message that most likely settled it."""
        return max(self.messages, key=answer_worth)

    @property
    def is_notice(self) -> bool:
        """Whether it's one message that asks nothing and that no one answered."""
        return len(self.messages) == 1 and not self.messages[0].asks

    @property
    def people(self) -> frozenset[UserId]:
        """Everyone who wrote in the thread."""
        return frozenset(said.user for said in self.messages)


def is_recurring(occurrences: Sequence[Occurrence]) -> bool:
    """Return whether several people raised the matter, or it came up on several days."""
    askers = {occurrence.asker for occurrence in occurrences}
    days = {occurrence.at.date() for occurrence in occurrences}
    return len(occurrences) > 1 and (len(askers) > 1 or len(days) > 1)


def answer_worth(said: Heard) -> float:
    """Return how good an answer a message is, 0 to 3: it settles, decides or states a rule."""
    reading = said.reading
    return reading.settles + reading.standing + reading.scores[SpeechAct.DECISION]


def find_answerer(occurrences: Sequence[Occurrence]) -> UserId | None:
    """Return who most likely knows the answer; None if there are no occurrences.

    In each thread, a person's best answer counts. Later threads count a little more, because the
    person may have taken the matter over.
    """
    weights: defaultdict[UserId, float] = defaultdict(float)
    for place, occurrence in enumerate(sorted(occurrences, key=lambda one: one.at), 1):
        best: defaultdict[UserId, float] = defaultdict(float)
        for said in occurrence.messages:
            best[said.user] = max(best[said.user], answer_worth(said))
        for user, worth in best.items():
            weights[user] += worth * (1 + _RECENT * place / len(occurrences))
    return max(weights, key=lambda user: (weights[user], user), default=None)


def likelihoods_among(
    threads: Sequence[Thread], links: Mapping[Thread, Mapping[Thread, float]]
) -> list[Mapping[int, float]]:
    """Return for each thread how likely each other one, by its place, is about the same matter."""
    at = {thread: place for place, thread in enumerate(threads)}
    return [
        {at[other]: value for other, value in links.get(thread, {}).items() if other in at}
        for thread in threads
    ]


def mean_likelihood(likelihoods: Sequence[Mapping[int, float]]) -> float:
    """Return how likely two threads of a group of two or more are about the same matter."""
    pairs = _pairs(likelihoods)
    return sum(pairs) / len(pairs)


def _pairs(likelihoods: Sequence[Mapping[int, float]]) -> list[float]:
    return [likelihoods[a].get(b, 0.0) for a, b in combinations(range(len(likelihoods)), 2)]


def matter_features(
    occurrences: Sequence[Occurrence], likelihoods: Sequence[Mapping[int, float]]
) -> list[float]:
    """Return the features of a group, in the order of `FEATURES`.

    `likelihoods`: for each occurrence, how likely each other one is about the same matter.
    """
    count = len(occurrences)
    everything = [said for occurrence in occurrences for said in occurrence.messages]
    answerers = Counter(occurrence.answer.user for occurrence in occurrences)
    days = {occurrence.at.date() for occurrence in occurrences}
    acts = {
        act: sum(
            max(said.reading.scores[act] for said in occurrence.messages)
            for occurrence in occurrences
        )
        / count
        for act in SpeechAct
        if act is not SpeechAct.NONE
    }
    return [
        mean_likelihood(likelihoods),
        max(_pairs(likelihoods)),
        min(max(links.values(), default=0.0) for links in likelihoods),
        log(count),
        log(len({user for occurrence in occurrences for user in occurrence.people})),
        log(1 + len(days)),
        answerers.most_common(1)[0][1] / count,
        sum(len(occurrence.messages) == 1 for occurrence in occurrences) / count,
        sum(len(occurrence.people) > 1 for occurrence in occurrences) / count,
        sum(occurrence.messages[0].asks for occurrence in occurrences) / count,
        log(1 + sum(said.words for said in everything) / count),
        sum(occurrence.messages[0].reading.small_talk for occurrence in occurrences) / count,
        sum(occurrence.answer.reading.settles for occurrence in occurrences) / count,
        max(said.reading.standing for said in everything),
        acts[SpeechAct.DECISION],
        acts[SpeechAct.ESCALATION],
        acts[SpeechAct.HANDOFF],
        acts[SpeechAct.QUESTION],
        acts[SpeechAct.REPORT],
        sum(any(said.reading.closes for said in one.messages) for one in occurrences) / count,
    ]


def matter_probability(
    models: Models,
    occurrences: Sequence[Occurrence],
    likelihoods: Sequence[Mapping[int, float]],
) -> float:
    """Return how likely a group of two threads or more is one recurring matter of work.

    If most of them are notices, such as those of machines, it isn't.
    """
    if 2 * sum(one.is_notice for one in occurrences) > len(occurrences):
        return 0.0
    by_meaning = all(said.meaning for one in occurrences for said in one.messages)
    name = "matter_semantic" if by_meaning else "matter"
    return models[name].probability(matter_features(occurrences, likelihoods))
