"""The speech acts that matter for recording entries."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SpeechAct(StrEnum):
    """The act that a message performs."""

    DECISION = "decision"
    ESCALATION = "escalation"
    HANDOFF = "handoff"
    QUESTION = "question"
    NONE = "none"


# In the order of the model's lines.
ACTS: Final = (SpeechAct.DECISION, SpeechAct.ESCALATION, SpeechAct.HANDOFF, SpeechAct.QUESTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """The most likely act of a message, and its probability, 0 to 1."""

    act: SpeechAct
    score: float
