"""The acts of speech that a record-keeper cares for."""

from enum import StrEnum
from typing import Final, NamedTuple


class SpeechAct(StrEnum):
    """What a message does."""

    DECISION = "decision"
    ESCALATION = "escalation"
    HANDOFF = "handoff"
    QUESTION = "question"
    NONE = "none"


# In the order of the model's lines.
ACTS: Final = (SpeechAct.DECISION, SpeechAct.ESCALATION, SpeechAct.HANDOFF, SpeechAct.QUESTION)


class Recognition(NamedTuple):
    """The likeliest act of a message and how sure it is, 0 to 1 and comparable between acts."""

    act: SpeechAct
    score: float
