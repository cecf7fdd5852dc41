"""Cutting text without breaking markup or characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.slack.text.mrkdwn import JOINER, TOKEN

_ELLIPSIS: Final = "…"
# Units that a cut must not split: live markup, an escape, a flag of two letters, a surrogate pair.
_UNIT: Final = re.compile(
    rf"{TOKEN.pattern}|&(?:amp|lt|gt);|[\U0001F1E6-\U0001F1FF]{{2}}|[\ud800-\udbff][\udc00-\udfff]|.",
    re.DOTALL,
)
_ZERO_WIDTH_JOINER: Final = "\u200d"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)


def clip(text: str, limit: int) -> str:
    """Return the text in at most `limit` characters, ending in … if it was cut.

    Live markup (`<@U1>`, `<https://…|label>`), escapes (`&amp;`) and characters made of several
    code points (a combining accent, a family emoji, a flag) are kept complete or left out.

    Raises:
        ValueError: `limit` leaves no room for a single character.
    """
    if limit < 1:
        raise ValueError(f"nothing fits in {limit} characters")
    if len(text) <= limit:
        return text
    room = limit - len(_ELLIPSIS)
    end = 0
    for unit in _UNIT.finditer(text):
        if unit.start() > room:
            break
        if not continues(text, unit.start()):
            end = unit.start()
    return text[:end].rstrip() + _ELLIPSIS


def continues(text: str, at: int) -> bool:
    """Return whether the character at this index belongs to the one before it."""
    character = text[at]
    return (
        unicodedata.category(character).startswith("M")
        or ord(character) in _SKIN_TONES
        or character in {_ZERO_WIDTH_JOINER, JOINER}
        or text[at - 1 : at] == _ZERO_WIDTH_JOINER
    )
