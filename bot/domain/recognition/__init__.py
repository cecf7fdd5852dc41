"""Recognizing what one message does: its speech act, and what else makes it worth hearing."""

from collections.abc import Mapping, Sequence
from math import exp
from operator import sub
from typing import Final

from bot.domain.recognition.acute import is_acute
from bot.domain.recognition.closing import closes
from bot.domain.recognition.columns import columns, columns_of_text
from bot.domain.recognition.context import Said
from bot.domain.recognition.incident import is_incident
from bot.domain.recognition.model import LINES, probabilities
from bot.domain.recognition.outright import states_rule
from bot.domain.recognition.speech_acts import ACTS, Reading, Recognition, SpeechAct

__all__ = ["Reading", "Recognition", "SpeechAct", "floor", "read", "recognise"]

# Where the F1 of each act was best on teams that were left out: docs/recognition.md.
_FLOORS: Final = {
    SpeechAct.DECISION: 0.3,
    SpeechAct.ESCALATION: 0.25,
    SpeechAct.HANDOFF: 0.3,
    SpeechAct.QUESTION: 0.35,
    SpeechAct.REPORT: 0.25,
    SpeechAct.NONE: 0.0,
}
_BARS: Final = tuple(_FLOORS[act] for act in ACTS)
# How probably a message that states a rule outright does state one.
_OUTRIGHT: Final = 0.9
# Log odds of a text alone, for which no situation tells that it may be this act.
_ALONE: Final = {
    SpeechAct.DECISION: 1.6,
    SpeechAct.ESCALATION: 0.6,
    SpeechAct.HANDOFF: 1.9,
    SpeechAct.QUESTION: 0.8,
    SpeechAct.REPORT: -1.0,
}


def floor(act: SpeechAct) -> float:
    """Return the score below which a message doesn't count as this act."""
    return _FLOORS[act]


def read(said: Said, before: Sequence[Said]) -> Reading:
    """Return what a message does. `before`: the earlier messages of its thread, oldest first."""
    chances = dict(zip(LINES, probabilities(columns(said, before)), strict=True))
    scores: dict[SpeechAct, float] = {act: chances[act.value] for act in ACTS}
    likeliest = _choose(scores)
    return Reading(
        act=likeliest.act,
        score=likeliest.score,
        scores=scores,
        standing=max(chances["standing"], _OUTRIGHT * states_rule(said.text)),
        settles=chances["settles"],
        closes=closes(said.text),
        acute=is_acute(said.text),
        incident=is_incident(said.text),
        small_talk=chances["small_talk"],
    )


def recognise(text: str) -> Recognition:
    """Return the likeliest act of a text alone, if `read` can't be told who says it and where.

    If every act is below its floor, the act is `NONE`; its score is how unlikely the acts are.
    """
    chances = probabilities(columns_of_text(text))
    scores: dict[SpeechAct, float] = {
        act: _shift(chance, _ALONE[act]) for act, chance in zip(ACTS, chances, strict=False)
    }
    return _choose(scores)


def _shift(chance: float, odds: float) -> float:
    """Return a probability whose log odds are higher by `odds`."""
    return 1 / (1 + (1 - chance) / chance * exp(-odds)) if chance else 0.0


def _choose(scores: Mapping[SpeechAct, float]) -> Recognition:
    """Return the act that is furthest above its floor, or `NONE`."""
    values = [scores[act] for act in ACTS]
    above = list(map(sub, values, _BARS))
    best = max(above)
    if best < 0:
        return Recognition(act=SpeechAct.NONE, score=1 - max(values))
    at = above.index(best)
    return Recognition(act=ACTS[at], score=values[at])
