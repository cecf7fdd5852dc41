"""Features that speak for and against a message as the answer of its thread."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.blanks import shorten_blanks
from bot.domain.listening.clauses import says_nothing, sentences
from bot.domain.listening.conversation import Conversation
from bot.domain.listening.terms import terms
from bot.domain.recognition import Reading, SpeechAct

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
# Its author does or did something: "I'll take a look".
_OWN: Final = re.compile(
    r"\b(?:i(?:'ll|'m|'ve| am| will| can| could| have| had| was| did)|let me|on it|looking|checking"
    r"|investigating|will (?:look|check|do|try|report|ask)|i (?:just |also |only )?(?:look|check"
    r"|see|saw|try|tried|get|got|run|ran|submit|open|file|ask|start|notice)\w*)\b",
    re.IGNORECASE,
)
_HEDGE: Final = re.compile(
    r"\b(?:maybe|perhaps|i (?:think|guess|believe|suppose|wonder)|probably|possibly|might|not sure"
    r"|seems?|would be (?:nice|great|good|interesting|helpful)|could be|i'd (?:say|guess)|iirc"
    r"|afaik|if i remember|hm+|hopefully|curious)\b",
    re.IGNORECASE,
)
_ORDER: Final = re.compile(
    r"(?:^|[.!?;:\n]\s*|\b(?:then|and|please|first|just|so)\s+)(?:use|try|run|add|remove|replace"
    r"|restart|set|check|call|ring|ask|send|open|close|wait|take|put|go|make|install|update|upgrade"
    r"|delete|kill|stop|start|page|tell|write|move|switch|roll|flip|swap|push|pull|copy|click|select"
    r"|change|keep|leave|contact|post|log|book|give|get|bring|return|block|hold|increase|reduce"
    r"|avoid|follow|see|look)\b",
    re.IGNORECASE,
)
_GENERAL: Final = re.compile(
    r"\b(?:if|when(?:ever)?|unless|until|till|always|never|every|each|any|only|under|over|above"
    r"|below|after|before|within|otherwise|without exception|first|instead|must|should"
    r"|(?:need|ha(?:ve|s))s? to|don'?t|no one|nobody|normally|usually)\b",
    re.IGNORECASE,
)
_YOU: Final = re.compile(r"\b(?:you|your|u|ur|you'?ll)\b", re.IGNORECASE)
# It holds for the moment only.
_MOMENT: Final = re.compile(
    r"\b(?:now|today|already|just|since|still|again|at the moment|currently|yesterday|tomorrow"
    r"|tonight|this morning|in \d+ ?min\w*)\b",
    re.IGNORECASE,
)
# It happened once; a rule is told in the present.
_PAST: Final = re.compile(
    r"\b(?:was|were|had|did(?:n't)?|wasn't|went|got|rang|called|told|said|came|took|sent|made|gave"
    r"|saw|\w{2,}ed)\b",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"`|^\s*(?:\d+[.)]|[-*•])\s", re.MULTILINE)
# An asker who says this still seeks an answer, unless it's also said what helped.
_FAILS: Final = re.compile(
    r"\b(?:errors?|fail(?:s|ed|ing)?|problems?|issues?|trouble|unable|cannot|can't|stuck"
    r"|(?:not|isn't|aren't|doesn't|don't|won't) (?:\w+ )?work\w*|hang(?:s|ing)?)\b",
    re.IGNORECASE,
)
_HELPED: Final = re.compile(
    r"\b(?:fix(?:ed|es)?|solve[ds]?|resolve[ds]?|works? now|worked|help(?:s|ed)|turn(?:s|ed) out"
    r"|the (?:reason|cause) (?:is|was)|cause:|instead)\b",
    re.IGNORECASE,
)
# Numbers above these make no difference.
_TELLING: Final = 8
_HEDGES: Final = 2
_CONDITIONS: Final = 3
_PAST_WORDS: Final = 3
_TELLS: Final = 0.5  # a probability; a message above it decides or hands over


def features_of(
    conversation: Conversation, readings: Sequence[Reading], at: int
) -> dict[str, float]:
    """Return the features of the message at a place in its thread, by name."""
    said, reading, text = conversation.messages[at], readings[at], conversation.messages[at].text
    count, substance = len(terms(text)), _count_substance(text)
    has_replies = len(conversation.replies) > 0
    return {
        **_acts(reading),
        "terms": min(count, _TELLING) / _TELLING,
        "substance": min(substance, _TELLING) / _TELLING,
        "thanked": float(_is_thanked(conversation, readings, at)),
        "asker": float(said.user == conversation.asker and has_replies),
        "opening": float(at < len(conversation.opening) and has_replies),
        "alone": float(len(conversation.messages) == 1),
        **_manners(shorten_blanks(text)),
    }


def answers_nothing(conversation: Conversation, reading: Reading, at: int) -> bool:
    """Return whether a message only asks or reacts, or its asker still asks or says what fails."""
    said = conversation.messages[at]
    acts = (reading.scores[SpeechAct.DECISION], reading.scores[SpeechAct.HANDOFF])
    text = shorten_blanks(said.text)
    parts = [part for line in text.splitlines() for part in sentences(line)]
    if all(part.endswith("?") or says_nothing(part) for part in parts):
        return True
    if said.user != conversation.asker or max(reading.standing, reading.settles, *acts) >= _TELLS:
        return False
    fails = _FAILS.search(text) and not _HELPED.search(text)
    return "?" in text or (len(conversation.replies) > 0 and bool(fails))


def _acts(reading: Reading) -> Mapping[str, float]:
    return {
        "standing": reading.standing,
        "settles": reading.settles,
        "decision": reading.scores[SpeechAct.DECISION],
        "question": reading.scores[SpeechAct.QUESTION],
        "handoff": reading.scores[SpeechAct.HANDOFF],
    }


def _manners(text: str) -> Mapping[str, float]:
    """Return what the words of a message sound like."""
    return {
        "announced": float(bool(_ANNOUNCED.search(text))),
        "advice": float(bool(_ADVICE.search(text))),
        "lacks": float(bool(_LACK.search(text))),
        "own act": float(bool(_OWN.search(text))),
        "hedges": float(min(_HEDGES, len(_HEDGE.findall(text)))),
        "order": float(bool(_ORDER.search(text))),
        "general": float(min(_CONDITIONS, len(_GENERAL.findall(text)))),
        "you": float(bool(_YOU.search(text))),
        "moment": float(bool(_MOMENT.search(text))),
        "past": float(min(_PAST_WORDS, len(_PAST.findall(text)))),
        "code": float(bool(_CODE.search(text))),
        "asks": float("?" in text),
    }


def _is_thanked(conversation: Conversation, readings: Sequence[Reading], at: int) -> bool:
    """Return whether the asker closes the thread right after a message of someone else."""
    messages = conversation.messages
    if at + 1 == len(messages) or messages[at].user == conversation.asker:
        return False
    return readings[at + 1].closes and messages[at + 1].user == conversation.asker


def _count_substance(text: str) -> int:
    """Count the terms of the sentences that do more than ask, agree, thank or tell of oneself."""
    parts = [sentence for line in text.splitlines() for sentence in sentences(line)]
    return sum(
        len(terms(part))
        for part in parts
        if not (part.endswith("?") or says_nothing(part) or _OWN.search(part))
    )
