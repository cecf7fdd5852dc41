"""Naming a matter: the phrase of its threads that says best what it is about."""

import json
import re
from collections import Counter
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
from bot.domain.listening.terms import stem, terms

# Weights of the features below, from `python -m tests.recognition.train_titles`.
WEIGHTS: Final = "title_weights.json"
_FIRST_PERSON: Final = re.compile(
    r"\b(?:i|i'?m|i'?ve|i'?ll|i'?d|me|my|mine|we|we'?re|we'?ve|us|our|ours)\b", re.IGNORECASE
)
_SECOND_PERSON: Final = re.compile(r"\b(?:you|u|your|yours|ur)\b", re.IGNORECASE)
_PRONOUN: Final = re.compile(
    r"\b(?:it|its|it's|this|that|they|them|their|he|she|him|his|her|these|those|ones?|t?here)\b",
    re.IGNORECASE,
)
_TROUBLE: Final = re.compile(
    r"\b(?:not|no|never|cannot|without|\w+n't|cant|wont|doesnt|isnt|fail\w*|error\w*|stuck|broken?"
    r"|down|miss\w*|late|slow\w*|wrong|dead|expired?|block\w*|full|los[te]|damaged?|hang\w*|hung"
    r"|delay\w*|refus\w*|reject\w*|locked|empty|leak\w*|crash\w*|timeout\w*|timing out|differ\w*"
    r"|mismatch\w*|stop\w*|spik\w*|duplicat\w*|offline|unavailable|out of|too)\b",
    re.IGNORECASE,
)
_FUNCTION_WORDS: Final = """
a an and are as at be been but by can could did do does for from had has have he i if in is it no
not of on or she so than that the then there they this to was we will with would you
"""
_FUNCTIONAL: Final = frozenset(_FUNCTION_WORDS.split())
_ODD_END: Final = re.compile(
    r"\b(?:\w+n't|is|are|was|were|be|the|an?|of|to|for|in|on|at|with|from|by|and|or|not|has|have|had|their"
    r"|its|his|her|my|our|your|no|only|who|which|what|he|she|they|it|i|we|you|would|will|can|could"
    r"|says?|said|tells?|still|all|any|some|very|more|two|three|next|last|new|same|other)$",
    re.IGNORECASE,
)
_ODD_START: Final = re.compile(
    r"^(?:to|of|than|that|till|until|since|by|with|at|from|on|in|for|or|not|as|after|before|only"
    r"|even|just|such|very|too|more|less|be|been|being|had|has|have|is|are|was|were|does|did|do"
    r"|an?)\b",
    re.IGNORECASE,
)
_TWO: Final = 2
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)
_PLAIN_WORD: Final = re.compile(r"^[a-z][a-z'-]*(?=[\s,;:]|$)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that could be the title, the message it is from, and its features by name."""

    phrase: Phrase
    said: Said
    features: Mapping[str, float]


def make_title(
    conversations: Sequence[Conversation],
    rule: Said | None = None,
    weights: Mapping[str, float] | None = None,
) -> tuple[str, tuple[Said, ...]]:
    """Return a title of at most 60 characters, and the messages that it is from.

    `rule`: the message that settled the matter. `weights`: of the features, if not the shipped
    ones.
    """
    weights = title_weights() if weights is None else weights
    best, best_score = None, float("-inf")
    for candidate in find_candidates(conversations, rule):
        score = sum(weights[name] * value for name, value in candidate.features.items())
        if score > best_score:
            best, best_score = candidate, score
    if best is not None:
        return _capitalized(best.phrase.text), (best.said,)
    first = conversations[0].messages[0]
    return _capitalized(_shortened(clean_text(first.text) or first.text)), (first,)


def title_of(text: str) -> str:
    """Return a title from one text."""
    said = Said(channel=ChannelId(""), ts="", root="", user=UserId(""), text=text, at=_NO_TIME)
    return make_title([Conversation(messages=(said,))])[0]


def find_candidates(
    conversations: Sequence[Conversation], rule: Said | None = None
) -> Iterator[Candidate]:
    """Yield the phrases of the threads that could be the title."""
    names = frozenset[str]().union(*(conversation.named for conversation in conversations))
    name_stems = frozenset(stem(name.lower()) for name in names)
    threads = [
        {term for said in conversation.messages for term in terms(said.text)} - name_stems
        for conversation in conversations
    ]
    counts = Counter(term for thread in threads for term in thread)
    others = max(1, len(threads) - 1)
    shared = {term: (count - 1) / others for term, count in counts.items()}
    for conversation in conversations:
        opening = frozenset(conversation.opening)
        for said in conversation.messages:
            place = {
                "opening": said in opening,
                "first message": said is conversation.messages[0],
                "asker": said.user == conversation.asker,
                "rule": said is rule,
            }
            for phrase in find_phrases(said.text, names):
                features = {**place, **_features(phrase, shared)}
                yield Candidate(phrase, said, {name: float(features[name]) for name in features})


def _features(phrase: Phrase, shared: Mapping[str, float]) -> dict[str, float]:
    """Return the features of a phrase. `shared`: the share of other threads that hold a term."""
    text, words = phrase.text, phrase.text.lower().split()
    phrase_terms = frozenset(terms(text)) & shared.keys()
    central = sorted((shared[term] for term in phrase_terms), reverse=True)
    return {
        "most central": sum(central[:1]),
        "central": sum(central[:3]),
        "terms": min(len(phrase_terms), 5),
        "one term": len(phrase_terms) <= 1,
        "two terms": len(phrase_terms) <= _TWO,
        "length": len(text) / LONGEST_PHRASE,
        "two words": len(words) <= _TWO,
        "first person": len(_FIRST_PERSON.findall(text)),
        "second person": len(_SECOND_PERSON.findall(text)),
        "pronouns": len(_PRONOUN.findall(text)),
        "function words": sum(word in _FUNCTIONAL for word in words) / len(words),
        "trouble": bool(_TROUBLE.search(text)),
        "question": phrase.asks,
        "place": min(phrase.at, 4),
        "cut": phrase.is_cut,
        "framed": phrase.is_framed,
        "own act": phrase.is_own,
        "commas": "," in text or ":" in text,
        "odd start": bool(_ODD_START.search(text)),
        "odd end": bool(_ODD_END.search(text)),
    }


@cache
def title_weights() -> Mapping[str, float]:
    """Return the weight of each feature."""
    weights: dict[str, float] = json.loads(files(__package__).joinpath(WEIGHTS).read_text("utf-8"))
    return weights


def _capitalized(text: str) -> str:
    """Return a text that starts with a capital letter, unless with a name such as `pg-01`."""
    return text[:1].upper() + text[1:] if _PLAIN_WORD.match(text) else text


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= LONGEST_PHRASE:
        return line
    return line[: LONGEST_PHRASE - 1].rsplit(" ", 1)[0] + "…"
