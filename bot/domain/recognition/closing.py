"""Messages that close a thread: thanks, a check mark, or word that all is well again."""

import re
from typing import Final

# A closing remark is short; a longer message may thank and then go on.
_LONGEST: Final = 160

_THANKS: Final = r"\b(?:thanks|thank (?:you|u)|thx|ty|tysm|tyvm|cheers|much appreciated)\b"
_THINGS: Final = r"(?:it|that|this|all|everything|they|everyone|mine)"
_WORKS: Final = (
    rf"\b{_THINGS}(?:'s| is|'re| are)?(?: all)? (?:works?|working|fixed|sorted|solved|resolved"
    r"|green|back up|back to normal|good now)\b"
    r"|\bworks (?:now|again|fine now|for me now)\b|\bworking (?:now|again|fine)\b"
    r"|\b(?:did|solved|fixed) (?:the trick|it)\b|\b(?:that|this|it) (?:helped|worked|did it)\b"
    r"|\bback (?:to normal|up and running|in business)\b"
    r"|\ball (?:good|set|sorted|clear|green|done)\b|\b(?:ok|green|fine|good) (?:again|now)\b"
    r"|\bgone now\b|\b(?:errors?|alert|alarm|warning) gone\b"
)
_ALONE: Final = (
    r"^\W*(?:(?:and|ok|okay|yes|yep|it's|that's|all|now|finally|great|perfect|nice|lovely) )*"
    r"(?:sorted|solved|fixed|resolved|done|landed|got it|perfect|brilliant|all (?:good|set|done))"
    r"(?: now| again| ta| then)?\W*$"
)
_MARK: Final = r":(?:white_check_mark|heavy_check_mark|check|tada|100|pray|heart):|[\u2705\u2714]"
_CLOSES: Final = re.compile(f"{_THANKS}|{_WORKS}|{_ALONE}|{_MARK}")
# Then it isn't over, or the thanks are part of a request or an announcement.
_OPEN: Final = re.compile(
    r"\?|\b(?:please|pls|plz|could|would|can|if|but|until|not|isn't|doesn't|didn't|still"
    r"|never|hi all|thanks (?:in advance|for (?:your )?patience)|no thanks)\b"
)


def closes(text: str) -> bool:
    """Return whether a message says thanks or that the matter of its thread is over."""
    plain = text.lower().replace("\u2019", "'").strip()
    if not plain or len(plain) > _LONGEST or _OPEN.search(plain):
        return False
    return _CLOSES.search(plain) is not None
