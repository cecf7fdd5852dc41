"""Signs: groups of everyday words and phrases that together hint at what a message does.

A word may not occur in any labeled chat. Its group does, so the weight of the group helps.
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Final

from bot.domain.blanks import shorten_blanks

_GROUPS: Final[Mapping[str, str]] = {
    "rule opener": (
        "from now|now on|going forward|moving forward|here on|henceforth|next time|the record"
        "|policy|policies|rule|rules|thumb|reminder|by default|as always|as ever|as usual"
        "|in general|in future|the future|exception|exceptions|every time|each time|in principle"
        "|as agreed|standard|procedure|guideline|convention|new process|the process"
    ),
    "universal": (
        "always|never|nobody|whoever|whatever|whichever|everyone|everybody|every|any|regardless"
        "|no matter|only|anyone|anybody|no one|all of|anything|each|nothing|at all|ever"
    ),
    "condition": "if|when|whenever|unless|once|until|till|otherwise|else|in case|provided|except",
    "habit": (
        "we don't|we dont|we never|we always|we only|we usually|it waits|goes to|go to|goes through"
        "|they have|you may|may not|must|has to|have to|needs to|you ring|we ring|you call|we call"
        "|stays|allowed|without asking|for me|no need|comes to|come to|we do|we wait|we leave"
        "|we keep|we ask|is enough|don't need|dont need|should|needs a|need a|counts as|we page"
    ),
    "order": "first|then|afterwards|instead|rather|before that|after that|second|finally",
    "instruction": (
        "don't|dont|do not|just|please|leave|keep|put|send|ask|tell|call|ring|wait|use|run|restart"
        "|check|stop|give|take|go|let|make|start|try|cancel|move|hold|close|open|swap|log|page|write"
    ),
    "one-off": (
        "today|tomorrow|tonight|this time|for now|this morning|this week|this afternoon|at once"
        "|right now|monday|tuesday|wednesday|thursday|friday|saturday|sunday|this one"
    ),
    "past": (
        "was|were|did|had|went|i've|done|sent|made|got|came|found|fixed|moved|restarted"
        "|resumed|took|gave|changed|updated|added|removed|finished|landed|it's back|works|cleared"
    ),
    "contact": (
        "rang|phoned|paged|mailed|emailed|messaged|texted|pinged|notified|wrote to|written to"
        "|called|calling|ringing|paging|asked|told|contacted|informed|reached|chased|chasing"
        "|writing to|sent to|escalated|escalating|reported to|passed on|forwarded|have asked"
    ),
    "ticket": "ticket|tickets|case|opened|raised|logged|filed|reported|priority|p1|p2|reference",
    "outsider": (
        "vendor|supplier|provider|support|manager|head|desk|duty|contractor|engineer|hotline|bank"
        "|helpdesk|carrier|their|on-call|oncall|team|lead|director|security"
    ),
    "need": (
        "need|needs|someone|somebody|please|asap|urgent|urgently|help|now please|can you|could you"
        "|would you|will you|can u|could u|can anybody|can anyone|could anybody|could anyone"
        "|have a|take a|look into|for you|you there|are you"
    ),
    "whom": "who|whom|whose|who's|who do|who can|who has|who is",
    "handover": (
        "yours|mine|over to|take over|takes over|taking over|handover|hand over|handing|handed"
        "|pager|from here|your turn|you're up|open points|shift|weekend|until monday|watching"
        "|is yours|are yours|got it|i have it|you've got|swap|cover|keep an|keep eye|outstanding"
    ),
    "off": (
        "i'm off|im off|signing off|going home|go home|i go|heading|away|holiday|leave|on leave"
        "|logging off|out of office|i'm out|vacation|back on|good night"
    ),
    "reason": "because|since|so that|that's why|due to|as the|therefore|otherwise",
    "trouble": (
        "down|broken|stuck|failed|fails|failing|error|errors|missing|red|slow|dead|wrong|won't"
        "|wont|doesn't|doesnt|can't|cant|cannot|not working|hangs|hung|timeout|timing out|refused"
        "|full|blocked|lost|crashed|again|empty|nothing|stopped|late|behind|twice|locked"
    ),
    "assent": "yes|yep|yeah|ok|okay|agreed|sure|fine|approved|go ahead|correct|right|exactly",
    "refusal": "no|nope|not|won't|isn't|neither|nor|refuse|never",
    "asking": (
        "how|where|what|why|which|is there|are there|do we|does it|does anyone|does anybody|can i"
        "|may i|should i|should we|do i|is it|are we|am i|any idea|anyone know|anybody know"
        "|supposed to|allowed to|is this|what's|where's|how's|whats|wheres|do you"
    ),
    "joke": "lol|haha|hahaha|lmao|cake|coffee|lunch|birthday|party|weather|fun|funny|joke|beer",
    "thanks": "thanks|thank you|thx|ty|cheers|sorry|welcome|perfect|great|nice|morning|hello",
}
_SHAPES: Final[Mapping[str, str]] = {
    "threshold": (
        r"\b(?:over|under|above|below|past|from|up to|more than|less than|at least|within|after"
        r"|older than|longer than|every|beyond|until|exceeds?|passes|stays?|for)\s+(?:a |an |the )?"
        r"(?:\d|one|two|three|four|five|six|ten|half|quarter|hour|day|week|percent)"
    ),
    "outright": (
        r"(?i)(?:^|[.!\n]\s*)(?:(?:ok|okay|so|right|and|please|note|fyi|hi all|reminder)[:,]? )*"
        r"(?:from now on|from (?:today|tomorrow|next week|\w+day) on|going forward|moving forward"
        r"|henceforth|as of (?:now|today|tomorrow|next week|\w+day)|(?:new |our |house |ground "
        r"|general |standing |golden )?(?:policy|rule|rule of thumb)(?: is)?:? |(?:decision|decided"
        r"|agreed): )(?!.*\?)"
    ),
    "conditional order": (
        r"(?i)(?:^|[.!;\n]\s*)(?:(?:ok|so|and|but|please|note)[:,]? )*(?:if|when|whenever|for|above"
        r"|over|under|below|past|unless|once|in case|on|after|during|outside)\b[^?.!;\n]{3,80}?\W"
        r"(?:you |we |just |please |always |never |don't |do not |then )*(?:call|page|ring|ask|tell"
        r"|use|run|restart|approve|send|put|open|close|stop|switch|turn|escalate|log|write|move|take"
        r"|wait|check|skip|cancel|reject|order|hold|let|add|file|raise|ping|notify|post|roll|revert"
        r"|reboot|drain|leave|keep|do it|don't)\b(?! (?:me|us|you)\b)(?![^.!;\n]*\?)"
    ),
    "universal order": (
        r"(?i)(?:^|[.!;\n]\s*)(?:(?:ok|so|and|but|please|note|reminder)[:,]? )*(?:always|never"
        r"|nobody|no one|whoever|every|anything|we (?:always|never|don't ever|only))\s"
        r"(?![^.!;\n]*\?)"
    ),
    "amount": (
        r"\d\s?(?:%|k\b|percent|eur|euros?|dollars?|usd|gbp|mins?\b|minutes?|h\b|hours?|days?|s\b"
        r"|secs?\b|seconds?|working|weeks?|gb|g\b|x\b|times|attempts)|[$\u20ac\u00a3]\s?\d"
    ),
    "clock": r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2} ?(?:am|pm)\b|\b(?:at|by|before|until) \d{1,2}\b",
    "list": r"(?m)^\s*(?:\d[.)]|[-*\u2022])\s",
    "colon": r"^\W*[\w' ]{2,40}:\s",
    "reference": r"\b[A-Z]{2,}-\d+\b",
    "two sentences": r"[.!?;]\s+\S.*[.!?;]|\n",
}
_RULES: Final = ("rule opener", "universal", "condition", "habit", "order", "threshold", "amount")
_MOST_RULES: Final = 5

SIGNS: Final = (
    *_GROUPS,
    *_SHAPES,
    *(f"{count} signs of a rule" for count in range(_MOST_RULES + 1)),
)
_AT: Final = {sign: at for at, sign in enumerate(SIGNS)}
_WORD: Final = re.compile(r"[a-z0-9'-]+")
_RULES_AT: Final = frozenset(_AT[sign] for sign in _RULES)
_COUNTS_AT: Final = _AT["0 signs of a rule"]


@cache
def _signs_by_phrase() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for sign, phrases in _GROUPS.items():
        for phrase in phrases.split("|"):
            found[phrase] = (*found.get(phrase, ()), _AT[sign])
    return found


@cache  # compiled at the first message, because it costs start-up
def _shapes() -> dict[int, re.Pattern[str]]:
    return {_AT[sign]: re.compile(shape) for sign, shape in _SHAPES.items()}


def find_signs(text: str) -> set[int]:
    """Return the signs of a text, by position in `SIGNS`."""
    text = shorten_blanks(text)
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    phrases = {*words, *map(" ".join, pairwise(words))}
    by_phrase = _signs_by_phrase()
    found = {at for phrase in phrases & by_phrase.keys() for at in by_phrase[phrase]}
    found.update([at for at, shape in _shapes().items() if shape.search(text)])
    found.add(_COUNTS_AT + min(len(found & _RULES_AT), _MOST_RULES))
    return found
