"""Whether an entry covers what a thread is about.

The thread so far is compared with all entries at once, like a long search: the words that they
share by their rarity, and what the sentences mean if there are embeddings. An entry that is much
closer than every other one probably covers it. `tests/recognition/train_coverage.py` learns the
weights.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log, log1p
from typing import Final, Self

from bot.domain.embedding import Embedding
from bot.domain.listening.conversation import Conversation
from bot.domain.ranking import Corpus, Document, Features, compare
from bot.domain.recognition.closing import closes
from bot.domain.search_terms import search_terms

# From this probability on, an entry is shown to the asker: precision first.
SHOWN: Final = 0.5
# From this probability on, it's in doubt whether the matter is already written down, so no one is
# asked to write it down.
IN_DOUBT: Final = 0.1
# How far the log odds of a cover follow those of a surer thread of the same group. On teams that
# were left out, a third to two thirds changed little.
_TRUST: Final = 0.5
# A probability is never taken for quite certain.
_LEAST: Final = 1e-6
_DROPPED: Final = re.compile(r"<[@#!][^>]*>|(?<!\w)@[\w.-]+|https?://\S+|:[a-z0-9_+'-]+:")
# What a thread says first is what it is about. A search has far fewer characters.
_MOST: Final = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The entry that most probably covers a thread, and how probably, 0 to 1."""

    key: str
    probability: float

    @property
    def is_shown(self) -> bool:
        """Whether it's sure enough to be shown to the asker."""
        return self.probability >= SHOWN

    @property
    def is_in_doubt(self) -> bool:
        """Whether the matter may be written down already."""
        return self.probability >= IN_DOUBT

    def agree(self, others: Iterable[Self]) -> Self:
        """Return this cover, surer if a thread of the same group has the same one more surely."""
        surest = max((one.probability for one in others if one.key == self.key), default=0.0)
        if surest <= self.probability:
            return self
        odds = _log_odds(self.probability)
        odds += _TRUST * (_log_odds(surest) - odds)
        return replace(self, probability=1 / (1 + exp(-odds)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The log odds that an entry covers a thread: an offset, and a weight for each number."""

    offset: float
    amount: float
    amount_lead: float
    length: float
    passages: float = 0.0
    passages_lead: float = 0.0

    def probability(self, numbers: "Numbers") -> float:
        """Return how probably the entry covers the thread."""
        odds = (
            self.offset
            + self.amount * numbers.amount
            + self.amount_lead * numbers.amount_lead
            + self.length * numbers.length
            + self.passages * numbers.passages
            + self.passages_lead * numbers.passages_lead
        )
        return 1 / (1 + exp(-odds))


@dataclass(frozen=True, slots=True)
class MessageWeights:
    """The log odds that a message of a covered thread is about its matter."""

    offset: float
    amount: float
    length: float
    opening: float
    later: float

    def probability(self, numbers: tuple[float, float, bool, bool]) -> float:
        """Return how probably the message with the numbers of `measure_message` is about it."""
        amount, length, in_opening, later = numbers
        odds = (
            self.offset
            + self.amount * amount
            + self.length * length
            + self.opening * in_opening
            + self.later * later
        )
        return 1 / (1 + exp(-odds))


WORDS_ONLY: Final = Weights(offset=-5.42, amount=0.95, amount_lead=1.4, length=0.085)
WITH_PASSAGES: Final = Weights(
    offset=-6.26, amount=0.7, amount_lead=1.01, length=0.068, passages=5.65, passages_lead=7.07
)
OF_MESSAGES: Final = MessageWeights(-1.77, 0.69, 1.26, 1.45, -2.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How well an entry fits a thread. The leads are over the best of the other entries.

    `length`: of the thread, the logarithm of its different terms.
    """

    amount: float
    amount_lead: float
    length: float
    passages: float
    passages_lead: float


def text_of(conversation: Conversation) -> str:
    """Return what a thread says so far, without mentions, names, links and emoji; embed this."""
    text = "\n".join(said.text for said in conversation.messages)
    return drop_names(text, conversation.named)


def drop_names(text: str, names: Collection[str]) -> str:
    """Return the beginning of a text without people's names, mentions, links and emoji."""
    text = _DROPPED.sub(" ", text)[:_MOST]
    if not names:
        return text
    any_name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{any_name})(?!\w)", " ", text, flags=re.IGNORECASE)


def find_cover(
    conversation: Conversation,
    documents: Sequence[Document],
    corpus: Corpus | None = None,
    embedding: Embedding | None = None,
    weights: Weights | None = None,
) -> Cover | None:
    """Return the entry that most probably covers a thread; None if there are no entries.

    `corpus`: how rare words are, best counted over threads and entries. `embedding`: of `text_of`,
    if the documents have passages. `weights`: other ones than the shipped ones.
    """
    if weights is None:
        weights = WORDS_ONLY if embedding is None else WITH_PASSAGES
    numbers = measure(text_of(conversation), documents, corpus, embedding)
    chances = {key: weights.probability(found) for key, found in numbers.items()}
    best = max(chances, key=chances.__getitem__, default=None)
    return None if best is None else Cover(key=best, probability=chances[best])


def cover_messages(
    conversation: Conversation, cover: Cover, document: Document, corpus: Corpus
) -> list[float]:
    """Return for each message how probably it's about the matter that the entry covers.

    A covered thread also has thanks and asides. `document`: of the cover's entry.
    """
    return [
        cover.probability * _chance_of_message(conversation, place, document, corpus)
        for place in range(len(conversation.messages))
    ]


def measure(
    text: str,
    documents: Sequence[Document],
    corpus: Corpus | None = None,
    embedding: Embedding | None = None,
) -> dict[str, Numbers]:
    """Return how well each entry fits a text, by its key."""
    features = compare(text, documents, corpus, embedding)
    return relate(
        {key: found.amount for key, found in features.items()},
        {key: found.passages for key, found in features.items()},
        length=log1p(len(set(search_terms(text)))),
    )


def relate(
    amounts: Mapping[str, float], passages: Mapping[str, float], *, length: float
) -> dict[str, Numbers]:
    """Return the numbers of each entry, with its leads over the others."""
    most, closest = sorted(amounts.values(), reverse=True), sorted(passages.values(), reverse=True)
    return {
        key: Numbers(
            amount=amount,
            amount_lead=_lead(amount, most),
            length=length,
            passages=passages[key],
            passages_lead=_lead(passages[key], closest),
        )
        for key, amount in amounts.items()
    }


def is_aside(conversation: Conversation, place: int) -> bool:
    """Return whether a message only says thanks, or that all is well."""
    return place > 0 and closes(conversation.messages[place].text)


def measure_message(
    conversation: Conversation, place: int, document: Document, corpus: Corpus
) -> tuple[float, float, bool, bool]:
    """Return a message's rarity shared with an entry, its length, and where in the thread it is.

    The last two: whether it's in the opening, and whether the asker says it after others spoke.
    """
    said = conversation.messages[place]
    text = _DROPPED.sub(" ", said.text)
    features: Features = compare(text, [document], corpus)[document.key]
    in_opening = place < len(conversation.opening)
    later = not in_opening and said.user == conversation.asker
    return features.amount, log1p(len(set(search_terms(text)))), in_opening, later


def _chance_of_message(
    conversation: Conversation, place: int, document: Document, corpus: Corpus
) -> float:
    if is_aside(conversation, place):
        return 0.0
    return OF_MESSAGES.probability(measure_message(conversation, place, document, corpus))


def _log_odds(probability: float) -> float:
    return log(max(_LEAST, probability) / max(_LEAST, 1 - probability))


def _lead(value: float, ordered: Sequence[float]) -> float:
    """Return how far a value is above the best of the others; below zero if it isn't the best."""
    if len(ordered) == 1:
        return value
    return value - (ordered[1] if value == ordered[0] else ordered[0])
