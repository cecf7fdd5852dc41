"""Which message of a thread is its answer: the one that settled it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.terms import terms
from bot.domain.recognition import SpeechAct

_ANSWERS: Final = 0.3  # worth of a message that answers
_DECIDES: Final = 0.5  # weight of an act of deciding, beside a standing rule
_ASKS: Final = 0.3  # taken off for a question
_ALONE: Final = 0.4  # taken off for an asker's own message, which seldom settles
_TELLING: Final = 6  # terms from which on a message is as telling as a longer one


class Weighed(Protocol):
    """What is known of a message; a `Reading` has more."""

    @property
    def scores(self) -> Mapping[SpeechAct, float]:
        """How likely the message does each act."""

    @property
    def standing(self) -> float:
        """How likely it states a standing rule."""

    @property
    def settles(self) -> float:
        """How likely it settles its thread."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a thread with what is known of it. `worth`: how good an answer it is."""

    said: Said
    reading: Weighed
    worth: float


def hear(conversation: Conversation, readings: Sequence[Weighed]) -> tuple[Heard, ...]:
    """Return the messages of a thread, weighed as answers."""
    return tuple(
        Heard(said, reading, _worth(said, reading, conversation))
        for said, reading in zip(conversation.messages, readings, strict=True)
    )


def answer_of(heard: Sequence[Heard]) -> Heard | None:
    """Return the message that settled a thread, the last of equals; None if none did."""
    best = max(reversed(heard), key=lambda message: message.worth)
    return best if best.worth >= _ANSWERS else None


def _worth(said: Said, reading: Weighed, conversation: Conversation) -> float:
    decides = reading.scores[SpeechAct.DECISION]
    worth = reading.settles + reading.standing + _DECIDES * decides
    worth += min(len(text_terms(said)), _TELLING) / _TELLING * _DECIDES
    if said.user == conversation.asker:
        worth -= _ALONE
    return worth - _ASKS * reading.scores[SpeechAct.QUESTION]


def text_terms(said: Said) -> list[str]:
    """Return the terms of a message."""
    return terms(said.text)
