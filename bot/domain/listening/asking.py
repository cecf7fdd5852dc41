"""How likely it is right to ask someone about a matter that came up again.

A matter that people only chat about, or that no one settles, isn't worth an entry. So this looks at
the answer and at how the threads read, and not only at how alike they are.
"""

from collections.abc import Mapping, Sequence
from math import log
from typing import Final

from bot.domain.listening.heard import Heard
from bot.domain.listening.matters import Occurrence, answer_worth, find_answerer, mean_likelihood
from bot.domain.listening.models import Models

FEATURES: Final = ("likely", "words", "settles", "worth", "early", "latest")

# The first replies of a thread; a later message is more often part of a talk than its answer.
FIRST_REPLIES: Final = 2
# From this worth on, a message is an answer of sorts: see `answer_worth`.
_ANSWERS: Final = 0.3


def is_first_reply(said: Heard, messages: Sequence[Heard]) -> bool:
    """Return whether a message is one of the first replies to another person's opening."""
    return said.user != messages[0].user and said in messages[1 : 1 + FIRST_REPLIES]


def asking_features(
    occurrences: Sequence[Occurrence], likelihoods: Sequence[Mapping[int, float]]
) -> list[float]:
    """Return the features of a group, in the order of `FEATURES`; the latest thread is last.

    `likelihoods`: for each occurrence, how likely each other one is about the same matter.
    """
    count = len(occurrences)
    answerer = find_answerer(occurrences)
    theirs = [
        (answer_worth(said), is_first_reply(said, one.messages), one is occurrences[-1])
        for one in occurrences
        for said in one.messages
        if said.user == answerer
    ]
    worth, is_early, _ = max(theirs, key=lambda each: each[0])
    return [
        mean_likelihood(likelihoods),
        log(1 + sum(said.words for one in occurrences for said in one.messages) / count),
        sum(one.answer.reading.settles for one in occurrences) / count,
        worth,
        float(is_early),
        float(any(is_latest and each >= _ANSWERS for each, _, is_latest in theirs)),
    ]


def asking_probability(
    models: Models,
    occurrences: Sequence[Occurrence],
    likelihoods: Sequence[Mapping[int, float]],
) -> float:
    """Return how likely it is right to ask the answerer of a group of two threads or more."""
    by_meaning = all(said.meaning for one in occurrences for said in one.messages)
    name = "asking_semantic" if by_meaning else "asking"
    return models[name].probability(asking_features(occurrences, likelihoods))
