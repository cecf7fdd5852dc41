"""The speech acts that matter for recording entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SpeechAct(StrEnum):
    """The act that a message performs. A report says that something happens, and asks nothing."""

    DECISION = "decision"
    ESCALATION = "escalation"
    HANDOFF = "handoff"
    QUESTION = "question"
    REPORT = "report"
    NONE = "none"


ACTS: Final = tuple(act for act in SpeechAct if act is not SpeechAct.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The acts of one message. All numbers are probabilities, 0 to 1.

    `act`: the likeliest act, `NONE` if each is below its floor; `score`: how likely it is.
    `standing`: it states a standing rule, policy or recurring arrangement.
    `settles`: it is the answer that settles its thread. `closes`: it thanks, or says that all is
    well again. `acute`: it is about illness, death, leaving or the like, so that asking would hurt.
    `incident`: it belongs to the hot phase of an incident.
    `small_talk`: it holds no matter of work.
    """

    act: SpeechAct
    score: float
    scores: Mapping[SpeechAct, float]
    standing: float
    settles: float
    closes: bool
    acute: bool
    incident: bool
    small_talk: float
