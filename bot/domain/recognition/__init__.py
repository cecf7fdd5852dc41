"""Recognizing a message's speech act: a decision, escalation, handoff, question, or none."""

from operator import sub
from typing import Final

from bot.domain.recognition.model import probabilities
from bot.domain.recognition.speech_acts import ACTS, Recognition, SpeechAct

__all__ = ["Recognition", "SpeechAct", "floor", "recognise"]

# Where the F1 of each act was best in cross-validation: docs/recognition.md.
_FLOORS: Final = {
    SpeechAct.DECISION: 0.15,
    SpeechAct.ESCALATION: 0.3,
    SpeechAct.HANDOFF: 0.2,
    SpeechAct.QUESTION: 0.25,
    SpeechAct.NONE: 0.0,
}
_BARS: Final = tuple(_FLOORS[act] for act in ACTS)


def floor(act: SpeechAct) -> float:
    """Return the score below which a message doesn't count as this act."""
    return _FLOORS[act]


def recognise(text: str) -> Recognition:
    """Return the likeliest act of a message in plain text (mentions as `@name`).

    If every act is below its floor, the act is `NONE`; its score is how unlikely the acts are.
    """
    scores = probabilities(text)
    above = list(map(sub, scores, _BARS))
    best = max(above)
    if best < 0:
        return Recognition(act=SpeechAct.NONE, score=1 - max(scores))
    at = above.index(best)
    return Recognition(act=ACTS[at], score=scores[at])
