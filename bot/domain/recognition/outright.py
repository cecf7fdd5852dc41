"""Rules that a message states outright, in words that few messages begin with.

"From now on we drain it first." "Policy: two approvals." "If it's under 500 just approve it." "For
sev1s page the duty manager after 15 minutes." Learned weights miss these as openings, because
people seldom begin a thread with a rule.
"""

import re
from typing import Final

_START: Final = (
    r"^\W*(?:(?:ok(?:ay)?|so|fyi|right|reminder|hi all|all|team|everyone|please note|note)"
    r"[,:!.]?\s+)*"
)
_ANNOUNCED: Final = re.compile(
    _START + r"(?:(?:from now on|going forward|henceforth)\b"
    r"|(?:our |the |a )?(?:new )?(?:rule of thumb|standing rule|rule|policy|convention)"
    r"(?:\s*:|\s+is\s+(?:to|that|simple|we|never|always)\b))",
    re.IGNORECASE,
)
_IF_THEN: Final = re.compile(
    _START + r"(?:if|when|whenever|for)\b[^.?!\n]{3,80}?[,\s]\s*(?:then\s+)?"
    r"(?:(?:just|always|please|never)\s+)?(?:page|call|ring|phone|escalate to|approve)\s"
    r"(?![^\n]*\?)",
    re.IGNORECASE,
)
_FIRST_PERSON: Final = re.compile(r"\b(?:i|i'?ll|i'?m|me|you|he|she|they)\b", re.IGNORECASE)
_READ: Final = 200  # characters


def states_rule(text: str) -> bool:
    """Return whether a message begins with a rule that it states outright."""
    start = text[:_READ]
    if _ANNOUNCED.search(start):
        return "?" not in start
    found = _IF_THEN.search(start)
    return found is not None and not _FIRST_PERSON.search(found[0])
