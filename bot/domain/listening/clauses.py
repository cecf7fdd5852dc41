"""Cutting a chat message into what it says: without greetings, pings, thanks and links."""

import re
from typing import Final

from bot.domain.listening.terms import terms

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\s+//\s+|(?<=\w)\s+(?=:[a-z0-9_+-]+:)")
_GREETING: Final = re.compile(
    r"^(?:(?:hi+|hey+|hello|hiya|hallo|yo|dear|(?:good )?(?:morning|afternoon|evening|day))\b"
    r"(?:\s+(?:all|everyone|everybody|folks|team|there|dear|guys|colleagues|again|@[\w.+-]+))*"
    # A name that the greeting ends with, as in "Hi Katie."
    r"(?:\s+(?-i:[A-Z])[\w-]+(?=\s*[.,!:]))?"
    r"|@[\w.+-]+|:[a-z0-9_+-]+:|so|ok|okay|fyi|ps|hm+|uh oh|oh dear|ah|oh|and|also|right"
    r"|sorry|sry|(?:one more |a )?(?:quick )?question)"
    r"(?=[\s,:!.–—-]|$)(?!\s+(?:to|for|about|from)\b)[\s,:!.–—-]*",
    re.IGNORECASE,
)
# A name after a greeting, as in "Dear Milo, ...".
_VOCATIVE: Final = re.compile(r"^[A-Z][\w-]+(?:\s+[A-Z][\w-]+)?\s*[,:!-]\s+")
_SALUTE: Final = re.compile(
    r"^(?:hi+|hey+|hello|hiya|dear|(?:good )?(?:morning|afternoon|evening))\b", re.IGNORECASE
)
_THANKS: Final = re.compile(
    r"^(?:(?:many |a lot of )?thanks?(?: you| u)?\b|thx\b|cheers\b|ty\b|ta\b|sorry\b|sry\b"
    r"|please\b|hope (?:you|that|it)\b|you'?re welcome|no problem\b|np\b|have a )",
    re.IGNORECASE,
)
_WISH: Final = re.compile(
    r"^(?:i )?hope (?:you|everyone|all)\b.{0,40}\b(?:weekend|day|week|well|morning|afternoon"
    r"|evening|holidays?|vacation|break|time|start|fine|safe)\b[^,;:]{0,15}$",
    re.IGNORECASE,
)
# A sentence that only agrees, accepts, reacts or offers more help.
_REACTS: Final = re.compile(
    r"^\W*(?:agreed|yes|yep|yeah|ok(?:ay)?|sure|right|true|exactly|same here|me too|makes sense"
    r"|sounds (?:good|reasonable)|(?:good|great|nice|excellent) (?:idea|point|catch|question)|great"
    r"|nice|cool|awesome|perfect|got it|ack|will do|done|fixed|on it|np|no worries|interesting|wow"
    r"|oh|ah|huh|noted)\b[^.!?\n]{0,12}$"
    r"|^(?:please |just )?(?:let (?:me|us) know (?:if|when|how|whether)|feel free to|happy to help"
    r"|hope (?:this|that|it) helps|good luck)\b",
    re.IGNORECASE,
)
_EMOJI: Final = re.compile(r":[a-z0-9_+-]+:|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]")
_THANKS_TERMS: Final = 2  # a sentence of thanks with more terms than this says something
_FENCE: Final = "```"


def strip_greeting(sentence: str, named: frozenset[str] = frozenset()) -> str:
    """Return a sentence from where it begins to say something; it stays a part of the text."""
    rest, salutes = sentence.strip(), False
    while True:
        salutes = salutes or bool(_SALUTE.match(rest))
        cut = _GREETING.match(rest) or _named(rest, named, salutes=salutes)
        if cut is None or not cut.end():
            return rest
        rest = rest[cut.end() :]


def _named(text: str, named: frozenset[str], *, salutes: bool) -> re.Match[str] | None:
    """Match a name at the start that only addresses someone."""
    vocative = _VOCATIVE.match(text)
    if vocative is None:
        return None
    name = vocative.group().strip(" ,:!-").lower()
    return vocative if salutes or name in named else None


def sentences(line: str) -> list[str]:
    """Return the sentences of one line."""
    return [part.strip() for part in _SENTENCE_END.split(line) if part and part.strip()]


def is_courtesy(sentence: str) -> bool:
    """Return whether a sentence only greets, thanks, excuses or smiles."""
    text = _EMOJI.sub("", sentence).strip(" .,!?-–—()")
    if not text:
        return True
    if _WISH.match(text):
        return True
    is_polite = _THANKS.match(text) or _SALUTE.match(text)
    return bool(is_polite) and len(terms(text)) <= _THANKS_TERMS


def says_nothing(sentence: str) -> bool:
    """Return whether a sentence is a courtesy, or only agrees, accepts, reacts or offers help."""
    return is_courtesy(sentence) or _REACTS.match(sentence.strip(" .!")) is not None


def clean_text(text: str, named: frozenset[str] = frozenset()) -> str:
    """Return a message without its greeting, pings at the start, and thanks.

    Its lines and commands stay as they are, and each sentence is a part of the message.
    """
    lines, in_code, is_start = [], False, True
    for line in text.strip().splitlines():
        fenced = line.strip().startswith(_FENCE)
        if in_code or fenced:
            in_code = in_code != fenced
            lines.append(line)
            is_start = False
            continue
        left = _cleaned(line, named, is_start=is_start)
        is_start = is_start and not left
        if left or (lines and not line.strip()):
            lines.append(left)
    return "\n".join(lines).strip()


def _cleaned(line: str, named: frozenset[str], *, is_start: bool) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    spans = sentences(line)
    if is_start:
        while spans and not strip_greeting(spans[0], named):
            spans.pop(0)
        if spans:
            spans[0] = strip_greeting(spans[0], named)
    while spans and is_courtesy(spans[-1]):
        spans.pop()
    while spans and is_courtesy(spans[0]):
        spans.pop(0)
    if not spans:
        return ""
    start = line.find(spans[0])
    end = line.rfind(spans[-1]) + len(spans[-1])
    return indent + line[start:end]
