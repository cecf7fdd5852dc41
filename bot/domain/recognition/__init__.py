"""Recognizing what one message does: its speech act, and what else makes it worth hearing."""

from collections.abc import Mapping, Sequence
from operator import sub
from typing import Final

from bot.domain.recognition.acute import is_acute
from bot.domain.recognition.closing import closes
from bot.domain.recognition.columns import columns
from bot.domain.recognition.context import Said
from bot.domain.recognition.incident import is_incident
from bot.domain.recognition.model import LINES, probabilities
from bot.domain.recognition.outright import states_rule
from bot.domain.recognition.speech_acts import ACTS, Reading, SpeechAct

__all__ = ["Reading", "SpeechAct", "floor", "read"]

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


def floor(act: SpeechAct) -> float:
    """Return the score below which a message doesn't count as this act."""
    return _FLOORS[act]


def read(said: Said, before: Sequence[Said]) -> Reading:
    """Return what a message does. `before`: the earlier messages of its thread, oldest first."""
    chances = dict(zip(LINES, probabilities(columns(said, before)), strict=True))
    scores: dict[SpeechAct, float] = {act: chances[act.value] for act in ACTS}
    act, score = _choose(scores)
    return Reading(
        act=act,
        score=score,
        scores=scores,
        standing=max(chances["standing"], _OUTRIGHT * states_rule(said.text)),
        settles=chances["settles"],
        closes=closes(said.text),
        acute=is_acute(said.text),
        incident=is_incident(said.text),
        small_talk=chances["small_talk"],
    )


def _choose(scores: Mapping[SpeechAct, float]) -> tuple[SpeechAct, float]:
    """Return the act that is furthest above its floor, and its score.

    If every act is below its floor, that is `NONE`, and how unlikely the acts are.
    """
    values = [scores[act] for act in ACTS]
    above = list(map(sub, values, _BARS))
    best = max(above)
    if best < 0:
        return SpeechAct.NONE, 1 - max(values)
    at = above.index(best)
    return ACTS[at], values[at]
