"""Which message of a thread is its answer: the one that settled it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from math import exp
from typing import Final

from bot.domain.listening.answer_features import answers_nothing, features_of
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.terms import terms
from bot.domain.recognition import Reading

# Weights of the features, from `python -m tests.recognition.train_answers`.
WEIGHTS: Final = "answer_weights.json"
_OFFSET: Final = "offset"
# A message that is an answer with a lower probability isn't taken for one.
_ANSWERS: Final = 0.12
# Of the best answer's worth: a newer answer as good as this is preferred.
_NEARLY: Final = 0.95
# Words by which someone takes back or corrects what was said before in the thread.
_CORRECTS: Final = re.compile(
    r"^\W*(?:@\S+\s+)?(?:(?:sorry|no|wait|oops|ah|hm+|ok)[\s,.:!-]+)*(?:correction|scratch that"
    r"|actually|that(?:'s| is| was) (?:wrong|outdated|not right|no longer)|not any ?more"
    r"|i was wrong|my mistake|i meant|update:|edit:|better:)",
    re.IGNORECASE,
)
_CORRECTING: Final = 4  # terms; fewer correct nothing
# Messages of one person within this time are parts of one answer.
_IN_A_ROW: Final = timedelta(minutes=3)
_GOES_ON: Final = 0.5  # of the answer's worth: a part that is worth less isn't part of it


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a thread with what is known of it.

    `worth`: how likely it is an answer that helps the next time, 0 to 1.
    """

    said: Said
    reading: Reading
    worth: float


def hear(
    conversation: Conversation,
    readings: Sequence[Reading],
    weights: Mapping[str, float] | None = None,
) -> tuple[Heard, ...]:
    """Return the messages of a thread, weighed as answers.

    `weights`: of the features, if not the shipped ones.
    """
    weights = answer_weights() if weights is None else weights
    worths = [
        0.0
        if answers_nothing(conversation, readings[at], at)
        else _worth(features_of(conversation, readings, at), weights)
        for at in range(len(conversation.messages))
    ]
    pairs = zip(conversation.messages, readings, worths, strict=True)
    return tuple(Heard(said, reading, worth) for said, reading, worth in pairs)


def answer_of(heard: Sequence[Heard]) -> Heard | None:
    """Return the message that settled a thread, the last of equals; None if none did.

    A later correction wins. An asker's questions and reports of failure are no answer.
    """
    best = max(reversed(heard), key=lambda message: message.worth)
    if best.worth < _ANSWERS:
        return None
    later = heard[heard.index(best) + 1 :]
    return next((message for message in reversed(later) if _corrects(message)), best)


def parts_of(answer: Heard, heard: Sequence[Heard]) -> tuple[Heard, ...]:
    """Return an answer with what its author said right before and after as part of it."""
    at = heard.index(answer)
    first = last = at
    while first > 0 and _goes_on(heard[first - 1], heard[first], answer):
        first -= 1
    while last + 1 < len(heard) and _goes_on(heard[last], heard[last + 1], answer):
        last += 1
    return tuple(heard[first : last + 1])


def best_answer(threads: Iterable[Sequence[Heard]]) -> Heard | None:
    """Return the latest answer that is nearly as good as the best one of a matter's threads."""
    answers = [answer for heard in threads if (answer := answer_of(heard))]
    best = max((answer.worth for answer in answers), default=0.0)
    good = [answer for answer in answers if answer.worth >= best * _NEARLY]
    return good[-1] if good else None


@cache
def answer_weights() -> Mapping[str, float]:
    """Return the weight of each feature, and the offset."""
    weights: dict[str, float] = json.loads(files(__package__).joinpath(WEIGHTS).read_text("utf-8"))
    return weights


def _worth(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    odds = weights[_OFFSET] + sum(weights[name] * value for name, value in features.items())
    return 1 / (1 + exp(-odds))


def _corrects(message: Heard) -> bool:
    text = message.said.text
    return bool(_CORRECTS.match(text)) and "?" not in text and len(terms(text)) >= _CORRECTING


def _goes_on(before: Heard, after: Heard, answer: Heard) -> bool:
    """Return whether two messages in a row are parts of one answer."""
    if before.said.user != after.said.user or after.said.at - before.said.at > _IN_A_ROW:
        return False
    other = before if after is answer else after
    return other.worth >= _GOES_ON * answer.worth
