"""Which message of a thread is its answer: the one that settled it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.terms import terms
from bot.domain.recognition import Reading, SpeechAct

# Weights of what is known of a message, and the worth from which on it is an answer.
_STANDING: Final = 1.5
_DECIDES: Final = 0.5
_SETTLES: Final = 0.5
_TELLS: Final = 0.3  # for a message with at least `_TELLING` terms
_ASKS: Final = -0.3
_ASKER: Final = -0.2  # an asker's own message seldom settles the thread
_ANSWERS: Final = 0.25
_TELLING: Final = 6
_ANNOUNCES: Final = 0.5
_ADVISES: Final = 0.1
_LACKS: Final = -0.3
_THANKED: Final = 0.1
# Words that announce a rule or a decision, at the start of a line or sentence.
_ANNOUNCED: Final = re.compile(
    r"(?:^|[.!?]\s+)(?:(?:decision|decided|agreed|policy|(?:new )?rule|rule of thumb)\s*:"
    r"|from now on\b|going forward\b|as a rule\b|for next times?\b|in (?:the )?future\b)",
    re.IGNORECASE | re.MULTILINE,
)

_ADVICE: Final = re.compile(
    r"\b(?:you(?:'ll| will)? (?:can|could|need to|have to|should|must|may|might|want to)"
    r"|try (?:to |adding|changing|using|running|restarting)|make sure|(?:easiest|best|right) way"
    r"|instead of|option \d|first,|then |go to|should work|is (?:now )?(?:available|fixed|back)"
    r"|fixed|solved|restart(?:ed|ing)?|never|always|unless)\b|`|^\s*(?:\d[.)]|[-*•]) ",
    re.IGNORECASE | re.MULTILINE,
)
_LACK: Final = re.compile(
    r"\b(?:same (?:issue|problem|error|here|thing|message)|me too|not sure|no idea|(?:my|a) guess"
    r"|(?:don't|do not|didn't) (?:know|remember)|haven't|still (?:fail|looking|not|down)\w*"
    r"|(?:having|seeing|getting) (?:\w+ ){0,2}(?:issue|problem|trouble|error|time)"
    r"|could you (?:post|send|share|try)|can you (?:post|send|share|try))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a thread with what is known of it. `worth`: how good an answer it is."""

    said: Said
    reading: Reading
    worth: float


def hear(conversation: Conversation, readings: Sequence[Reading]) -> tuple[Heard, ...]:
    """Return the messages of a thread, weighed as answers."""
    messages = conversation.messages
    thanked = {
        before.ts
        for before, said, reading in zip(messages, messages[1:], readings[1:], strict=False)
        if reading.closes and said.user == conversation.asker != before.user
    }
    return tuple(
        Heard(said, reading, _worth(said, reading, conversation) + _THANKED * (said.ts in thanked))
        for said, reading in zip(messages, readings, strict=True)
    )


def answer_of(heard: Sequence[Heard]) -> Heard | None:
    """Return the message that settled a thread, the last of equals; None if none did."""
    best = max(reversed(heard), key=lambda message: message.worth)
    return best if best.worth >= _ANSWERS else None


def _worth(said: Said, reading: Reading, conversation: Conversation) -> float:
    is_asker = said.user == conversation.asker and len(conversation.replies) > 0
    return (
        _STANDING * reading.standing
        + _DECIDES * reading.scores[SpeechAct.DECISION]
        + _SETTLES * reading.settles
        + _TELLS * min(len(text_terms(said)), _TELLING) / _TELLING
        + _ASKS * reading.scores[SpeechAct.QUESTION]
        + _ASKER * is_asker
        + _ADVISES * bool(_ADVICE.search(said.text))
        + _LACKS * bool(_LACK.search(said.text))
        + _ANNOUNCES * bool(_ANNOUNCED.search(said.text))
    )


def text_terms(said: Said) -> list[str]:
    """Return the terms of a message."""
    return terms(said.text)
