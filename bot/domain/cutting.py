"""Cutting a text that is too long: after a sentence if possible, or else between two words."""

import re
from typing import Final

CUT: Final = "…"
# A mark after a single letter, as in "e.g. 5", ends no sentence.
_END: Final = re.compile(r"(?<!\b\w)[.!?]+[\"')\]]*(?=\s)|(?=\n)")
# Of the room: if whole sentences, or whole words, fill less than this, too little would be left.
_ENOUGH: Final = 0.4


def cut_text(text: str, most: int) -> str:
    """Return a text in at most `most` characters; it ends with "…" if it was cut."""
    if len(text) <= most:
        return text
    room = most - len(f" {CUT}")
    ends = [match.end() for match in _END.finditer(text, 0, most) if match.end() <= room]
    if ends and ends[-1] >= _ENOUGH * most:
        return f"{text[: ends[-1]].rstrip()} {CUT}"
    cut = text[: most - len(CUT)]
    words = cut.rsplit(maxsplit=1)
    is_inside_word = len(words) > 1 and not text[len(cut)].isspace()
    if is_inside_word and len(words[0]) >= _ENOUGH * most:
        cut = words[0]
    return cut.rstrip(" \n,;:(–—-") + CUT
