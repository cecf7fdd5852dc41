"""Features that speak for and against a phrase as the title of a matter."""

import re
from collections.abc import Mapping
from typing import Final

from bot.domain.listening.phrases import LONGEST_PHRASE, Phrase
from bot.domain.listening.salience import Salience
from bot.domain.listening.terms import stem, terms

_FIRST_PERSON: Final = re.compile(
    r"\b(?:i|i'?m|i'?ve|i'?ll|i'?d|me|my|mine|we|we'?re|we'?ve|us|our|ours)\b", re.IGNORECASE
)
_SECOND_PERSON: Final = re.compile(r"\b(?:you|u|your|yours|ur)\b", re.IGNORECASE)
_PRONOUN: Final = re.compile(
    r"\b(?:it|its|it's|this|that|they|them|their|he|she|him|his|her|these|those|ones?|t?here"
    r"|someone|somebody|everyone|everything|something|stuff|things?)\b",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(
    r"^(?:mrs?|ms|dr|he|she|they)\b\.?|^(?:(?:one|some|another) )?(?:lady|gentleman|man|woman|guy"
    r"|person|people|customer|client|colleague)s?\b|\b(?:himself|herself)\b",
    re.IGNORECASE,
)
_TROUBLE: Final = re.compile(
    r"\b(?:not|no|never|cannot|without|unable|\w+n't|cant|wont|doesnt|isnt|fail\w*|error\w*|stuck"
    r"|broken?|down|miss\w*|late|slow\w*|wrong|dead|expired?|block\w*|full|los[te]|damaged?|hang\w*"
    r"|hung|delay\w*|refus\w*|reject\w*|locked|empty|leak\w*|crash\w*|timeout\w*|timing out"
    r"|differ\w*|mismatch\w*|stop\w*|spik\w*|duplicat\w*|offline|unavailable|out of|too|trouble"
    r"|problems?"
    r"|issues?|denied|lag\w*|behind|drops?)\b",
    re.IGNORECASE,
)
_OUTCOME: Final = re.compile(
    r"\b(?:done|fixed|solved|resolved|sorted|restarted|landed|fine|works|worked|running again"
    r"|back up|back to normal|thanks|never ?mind)\b|\b(?:is|are|was|all) back\b",
    re.IGNORECASE,
)
_ASKS_HOW: Final = re.compile(r"^how to\b", re.IGNORECASE)
# A verb at the start of a phrase is followed by this, and an adjective isn't: "pruned runner-5".
_OBJECT: Final = (
    r"(?=\s+(?:the|an?|my|our|your|his|her|their|its|it|them|him|me|us|this|that|these|those|up|down|out"
    r"|off|back|over|to|into|in|on|at|for|from|with|by|about|and|all|any|new|\+|\S*\d\S*)(?:\s|$)|$)"
)
_PAST: Final = re.compile(
    rf"^(?!need)\w*ed\b{_OBJECT}|^(?:sent|put|took|got|made|told|rang|went|gave|found|saw|ran|did)\b",
    re.IGNORECASE,
)
_GERUND: Final = re.compile(rf"^\w{{3,}}ing\b{_OBJECT}", re.IGNORECASE)
# Words that ask for help or attention, whatever it is about.
_PLEADS: Final = re.compile(
    r"\b(?:help|please|pls|any(?:one|body)|some(?:one|body)|advice|guidance|thoughts|ideas?|wonder\w*"
    r"|appreciat\w*|luck|suggest\w*|questions?|point me|let me know|tell me|take a look|look at"
    r"|sorry"
    r"|thanks?|hope|curious|glad|happy to|feel free|heads.?up)\b",
    re.IGNORECASE,
)
# Words that say something only together with others.
_GENERIC_WORDS: Final = """
able advice attempt bad best better bit case chance change check code couple detail different doc
error example experience file find fix follow good happen help hour idea info information instance
issue item kind line list luck message moment note number part people place point possible problem
question reason report result run same screen screenshot see series show situation something sort
start step stuff support test thing thought trouble try type update use user version view way weird
word work
"""
_GENERIC: Final = frozenset(stem(word) for word in _GENERIC_WORDS.split())
_FUNCTION_WORDS: Final = """
a an and are as at be been but by can could did do does for from had has have he i if in is it no
not of on or she so than that the then there they this to was we will with would you
"""
_FUNCTIONAL: Final = frozenset(_FUNCTION_WORDS.split())
_ODD_END: Final = re.compile(
    r"\b(?:\w+n't|is|are|was|were|be|been|the|an?|of|to|for|in|on|at|with|from|by|and|or|not|has|have"
    r"|had|their|its|his|her|my|our|your|no|only|who|which|what|he|she|they|it|i|we|you|would|will"
    r"|can|could|says?|said|tells?|still|all|any|some|very|more|two|three|next|last|new|same|other"
    r"|following|getting|using|going|trying|since|via|like|even|few|when|there'?s|saying|asking|coming"
    r"|going|looking|based|due|related|able|about|came|went|sent|ran|turned|tried)$",
    re.IGNORECASE,
)
_ODD_START: Final = re.compile(
    r"^(?:to|of|than|that|till|until|since|by|with|at|from|on|in|for|or|not|as|after|before|only"
    r"|even|just|such|very|too|more|less|be|been|being|had|has|have|is|are|was|were|does|did|do|am"
    r"|an?|its|his|her|their|who|whom|whose|which|what|why|where|when|via|per|all|both|any|some"
    r"|(?:that|it|he|she|there|who|what|here)'?s|they'?re|rather|maybe|basically|mostly|almost)\b",
    re.IGNORECASE,
)
_ODD_MIDDLE: Final = re.compile(
    r"\w,? (?:and|but|so|because|as|if|when|or|that|which) (?:am |are |is |was )?"
    r"(?:i|we|you|u|he|she|they|it|this|that)\b|\w, (?:i|we|you|he|she|they|it|\w{3,}ed)\b",
    re.IGNORECASE,
)
_HANDS_OVER: Final = re.compile(
    r"\b(?:hand(?:s|ed|ing)?[- ]?(?:over|off)|tak(?:e|es|ing) over|over to you|yours|your turn"
    r"|on[- ]call"
    r"|shift|rota|stand(?:s|ing)? in|swap(?:s|ped|ping)?)\b",
    re.IGNORECASE,
)
_MARKS: Final = re.compile(r"[^\w\s',.:/-]|[=_/]|\w\.\w+\.\w")
_CODE: Final = re.compile(
    r"[=<>{}\[\]|\\^]|\w\(|\)\w|\w\.\w+\.\w|::|(?<!\w)--?\w|(?:^|\s)[~/.]\w*/|\w/\w+/\w"
    r"|\w_\w+\.\w"
)
_DETAIL: Final = re.compile(
    r"(?<!\S)[^\s\w]?\d[\d.,:%/]*\w{0,3}(?!\S)|\b(?:euro?s?|percent|order \d+)\b"
)
_NAME: Final = re.compile(r"(?<=\s)[A-Z][a-z]+\b")
_TWO: Final = 2
_LEAST: Final = 15  # characters; a shorter title seldom says enough
_GOOD: Final = 45  # characters; a longer title is hard to take in
_MOST: Final = 3


def features_of(phrase: Phrase, salience: Salience) -> dict[str, float]:
    """Return the features of a phrase, by name."""
    text, words = phrase.text, phrase.text.lower().split()
    phrase_terms = terms(text)
    special = [term for term in phrase_terms if term not in _GENERIC]
    central, telling = salience.central(special), salience.telling(special)
    return {
        "most central": sum(central[:1]),
        "central": sum(central[:_MOST]),
        "telling": sum(telling[:_MOST]),
        "terms": min(len(telling), 5),
        "no term": not telling,
        "one term": len(telling) <= 1,
        "two terms": len(telling) <= _TWO,
        "short": max(0.0, (_LEAST - len(text)) / _LEAST),
        "long": max(0.0, (len(text) - _GOOD) / (LONGEST_PHRASE - _GOOD)),
        "two words": len(words) <= _TWO,
        **_manners(text),
        "function words": sum(word in _FUNCTIONAL for word in words) / len(words),
        "details": min(_MOST, len(_DETAIL.findall(text)) + _strangers(text, salience)),
        "question": phrase.asks,
        "place": min(phrase.at, 4),
        "cut": bool(phrase.rest),
        "lost trouble": bool(_TROUBLE.search(phrase.rest)) and not _TROUBLE.search(text),
        "framed": phrase.is_framed,
        "own act": phrase.is_own,
        "their act": phrase.lacks_subject,
        "quoted trouble": phrase.is_quoted and bool(_TROUBLE.search(text)),
        "quoted": phrase.is_quoted,
        "clauses": phrase.clauses,
    }


def tells_what_was_done(text: str) -> bool:
    """Return whether a text tells what someone did or that it's over, not what is wrong."""
    return bool(_PAST.match(text) or (_OUTCOME.search(text) and not _TROUBLE.search(text)))


def _manners(text: str) -> Mapping[str, float]:
    """Return what the words of a phrase sound like."""
    return {
        "first person": min(_TWO, len(_FIRST_PERSON.findall(text))),
        "second person": min(_TWO, len(_SECOND_PERSON.findall(text))),
        "pronouns": min(_TWO, len(_PRONOUN.findall(text))),
        "pleads": bool(_PLEADS.search(text)),
        "person": bool(_PERSON.search(text)),
        "trouble": bool(_TROUBLE.search(text)),
        "outcome": bool(_OUTCOME.search(text)),
        "how to": bool(_ASKS_HOW.match(text)),
        "hands over": bool(_HANDS_OVER.search(text)),
        "odd middle": bool(_ODD_MIDDLE.search(text)),
        "past": bool(_PAST.match(text)),
        "gerund": bool(_GERUND.match(text)),
        "marks": min(_MOST, len(_MARKS.findall(text))),
        "code": bool(_CODE.search(text)),
        "commas": "," in text or ":" in text,
        "odd start": bool(_ODD_START.search(text)),
        "odd end": bool(_ODD_END.search(text)),
    }


def _strangers(text: str, salience: Salience) -> int:
    """Count the names of someone or something that came up in one thread only."""
    names = [stems for name in _NAME.findall(text) if (stems := terms(name))]
    return sum(not any(salience.central(stems)) for stems in names)
