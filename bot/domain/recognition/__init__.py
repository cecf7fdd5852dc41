"""What a message does: whether it decides, escalates, hands over, asks, or none of these."""

from dataclasses import dataclass
from enum import StrEnum
from math import exp
from typing import Final

from bot.domain.recognition.cues import CUES, encode, patterns
from bot.domain.recognition.tokens import tokens


class Act(StrEnum):
    """What a message does, as far as a record-keeper cares."""

    DECISION = "decision"
    ESCALATION = "escalation"
    HANDOFF = "handoff"
    QUESTION = "question"
    NONE = "none"


@dataclass(frozen=True)
class Recognition:
    """The likeliest act of a message and how sure it is, 0 to 1 and comparable between acts."""

    act: Act
    score: float


_FLOORS: Final = {
    Act.DECISION: 0.5,
    Act.ESCALATION: 0.5,
    Act.HANDOFF: 0.5,
    Act.QUESTION: 0.5,
    Act.NONE: 0.0,
}

_BY_HAND: Final = {
    Act.DECISION: {"let us": 2, "we decided": 3, "decided": 1, "settled": 2, "go with": 1.5,
                   "ok then": 1.5, "from now on": 2.5, "rule word": 1, "if then": 1.5, "for now": 1,
                   "we will": 1.5, "proposal": -2, "proposal asked": -3, "agenda": -2,
                   "own step": -1, "mark": -2},
    Act.ESCALATION: {"cc": 3, "cc bare": 2, "can someone": 3, "can you": 1.5, "can name": 2,
                     "anyone": 2, "please act": 1, "look at": 1.5, "need whom": 1.5, "pinged": 2,
                     "escalate": 2.5, "wrong and whom": 2, "memory bell": 1.5, "fyi": -2},
    Act.HANDOFF: {"hand over": 3, "take over": 3, "your turn": 3, "leave to": 2, "i am off": 1,
                  "can you run": 3, "instead of me": 1.5, "follow up": 1.5},
    Act.QUESTION: {"how do": 1.5, "where is": 1.5, "why": 1, "is there a": 2, "know": 2,
                   "best way": 1.5, "who owns": 2, "is it known": 1.5, "mark": 1.5, "mark end": 0.5,
                   "you mean": -2.5, "back question": -2, "proposal asked": -1},
}  # fmt: skip


def floor(act: Act) -> float:
    """Return the score below which `act` is not considered at all."""
    return _FLOORS[act]


def recognise(text: str) -> Recognition:
    """Return the likeliest act of a message in plain text (mentions as `@name`).

    An act that stays below its floor is none; the score of none is how unlikely every act is.
    """
    encoded = encode(tokens(text))
    seen = {cue for cue, found in zip(CUES, patterns(), strict=True) if found.search(encoded)}
    scores = {
        act: 1 / (1 + exp(3.0 - sum(strength for cue, strength in by.items() if cue in seen)))
        for act, by in _BY_HAND.items()
    }
    best = max(scores, key=scores.__getitem__)
    if scores[best] < _FLOORS[best]:
        return Recognition(Act.NONE, 1 - scores[best])
    return Recognition(best, scores[best])
