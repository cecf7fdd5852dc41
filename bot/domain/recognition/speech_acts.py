"""The acts of speech that a record-keeper cares for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SpeechAct(StrEnum):
    """What a message does."""

    DECISION = "decision"
    ESCALATION = "escalation"
    HANDOFF = "handoff"
    QUESTION = "question"
    NONE = "none"


# In the order of the model's lines.
ACTS: Final = (SpeechAct.DECISION, SpeechAct.ESCALATION, SpeechAct.HANDOFF, SpeechAct.QUESTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """The likeliest act of a message and how sure it is, 0 to 1 and comparable between acts."""

    act: SpeechAct
    score: float
