"""What a message does: whether it decides, escalates, hands over, asks, or none of these."""

from typing import Final

from bot.domain.recognition.acts import ACTS, Act, Recognition
from bot.domain.recognition.model import probabilities

__all__ = ["Act", "Recognition", "floor", "recognise"]

# Where the F1 of each act was best in cross-validation: docs/recognition.md.
_FLOORS: Final = {
    Act.DECISION: 0.15,
    Act.ESCALATION: 0.3,
    Act.HANDOFF: 0.2,
    Act.QUESTION: 0.25,
    Act.NONE: 0.0,
}


def floor(act: Act) -> float:
    """Return the score below which `act` is not considered at all."""
    return _FLOORS[act]


def recognise(text: str) -> Recognition:
    """Return the likeliest act of a message in plain text (mentions as `@name`).

    An act that stays below its floor is none; the score of none is how unlikely every act is.
    """
    scores = dict(zip(ACTS, probabilities(text), strict=True))
    best = max(ACTS, key=lambda act: scores[act] - _FLOORS[act])
    if scores[best] < _FLOORS[best]:
        return Recognition(Act.NONE, 1 - max(scores.values()))
    return Recognition(best, scores[best])
