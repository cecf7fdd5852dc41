"""Naming a matter: the phrase of its threads that says best what it is about."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Final

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.clauses import clean_text
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.phrases import LONGEST_PHRASE, Phrase, find_phrases
from bot.domain.listening.salience import Salience
from bot.domain.listening.terms import terms
from bot.domain.listening.title_features import features_of

# Weights of the features below, from `python -m tests.recognition.train_titles`.
WEIGHTS: Final = "title_weights.json"
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)
_PLAIN_WORD: Final = re.compile(r"^[a-z][a-z'-]*(?=[\s,;:]|$)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that could be the title, the message it is from, and its features by name."""

    phrase: Phrase
    said: Said
    features: Mapping[str, float]


def make_title(
    conversations: Sequence[Conversation], weights: Mapping[str, float] | None = None
) -> tuple[str, tuple[Said, ...]]:
    """Return a title of at most 60 characters, and the messages that it is from.

    `weights`: of the features, if not the shipped ones.
    """
    weights = title_weights() if weights is None else weights
    for candidates in (find_candidates(conversations), find_candidates(conversations, late=True)):
        best, best_score = None, float("-inf")
        for candidate in candidates:
            score = sum(weights[name] * value for name, value in candidate.features.items())
            if score > best_score:
                best, best_score = candidate, score
        if best is not None:
            return _capitalized(best.phrase.text), (best.said,)
    first = conversations[0].messages[0]
    return _capitalized(_shortened(_telling_words(first.text) or first.text)), (first,)


def title_of(text: str) -> str:
    """Return a title from one text."""
    said = Said(channel=ChannelId(""), ts="", root="", user=UserId(""), text=text, at=_NO_TIME)
    return make_title([Conversation(messages=(said,))])[0]


def find_candidates(
    conversations: Sequence[Conversation], *, late: bool = False
) -> Iterator[Candidate]:
    """Yield the phrases that could be the title: of what was said when the matter came up.

    `late`: of the replies instead, which tell what was done rather than what the matter is.
    """
    names = frozenset[str]().union(*(conversation.named for conversation in conversations))
    salience = Salience.of(conversations)
    for conversation in conversations:
        for said in conversation.replies if late else conversation.opening:
            place = {
                "first message": said is conversation.messages[0],
                "answered": len(conversation.replies) > 0,
            }
            for phrase in find_phrases(said.text, names):
                features = {**place, **features_of(phrase, salience)}
                yield Candidate(phrase, said, {name: float(features[name]) for name in features})


@cache
def title_weights() -> Mapping[str, float]:
    """Return the weight of each feature."""
    weights: dict[str, float] = json.loads(files(__package__).joinpath(WEIGHTS).read_text("utf-8"))
    return weights


def _capitalized(text: str) -> str:
    """Return a text that starts with a capital letter, unless with a name such as `pg-01`."""
    return text[:1].upper() + text[1:] if _PLAIN_WORD.match(text) else text


def _telling_words(text: str) -> str:
    """Return the words of a text that aren't small talk, mentions or links."""
    return " ".join(word for word in clean_text(text).split() if terms(word))


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= LONGEST_PHRASE:
        return line
    return line[: LONGEST_PHRASE - 1].rsplit(" ", 1)[0] + "…"
