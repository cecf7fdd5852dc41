"""Invisible characters: removed from text that comes in, shown as escapes in stored text.

People approve what they read, so text that can't be seen must not reach an entry. The characters
are Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), the controls except newline
and tab, and the halves of surrogate pairs, which no database accepts.
"""

import re
import unicodedata
from typing import Final

_INVISIBLE: Final = (
    # Controls, except tab and newline.
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"
    # Soft hyphen, grapheme joiner, Arabic letter mark, Hangul fillers, Khmer inherent vowels.
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u3164\uffa0"
    # Mongolian selectors and vowel separator.
    r"\u180b-\u180f"
    # Zero-width characters, marks of direction, separators, overrides, embeddings.
    r"\u200b-\u200f\u2028-\u202e"
    # Word joiner, invisible operators, isolates, deprecated controls.
    r"\u2060-\u206f"
    # Halves of surrogate pairs, variation selectors, byte order mark, annotations.
    r"\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff0-\ufffb"
    # Controls of shorthand and music; tags, and variation selectors that can hold any byte.
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Characters of emoji sequences (emoji-data.txt), by block.
_EMOJI: Final = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff"
    r"\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_STYLED: Final = rf"{_EMOJI}[\U0001f3fb-\U0001f3ff]?[\ufe0e\ufe0f]?"
# The flags of England, Scotland and Wales. Any other region is well-formed too, but is drawn as a
# black flag that can hide letters (Unicode TR 51, annex C).
_FLAGS: Final = "|".join(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in name) + "\U000e007f"
    for name in ("gbeng", "gbsct", "gbwls")
)
_KEYCAP: Final = r"[0-9#*]\ufe0f\u20e3"
_PARTS: Final = re.compile(
    rf"(?P<sequence>{_FLAGS}|{_KEYCAP}|{_STYLED}(?:\u200d{_STYLED})*)|[{_INVISIBLE}]"
)
_SUSPECT: Final = re.compile(rf"[{_INVISIBLE}]")
_LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")
_NON_JOINER: Final = "\u200c"
_JOINER: Final = "\u200d"
# Scripts whose letters change their shape at a joiner: Arabic (Persian, Urdu) to Arabic Extended,
# those of South and South-East Asia, Mongolian, and the presentation forms of Arabic.
_JOINING: Final = re.compile(
    r"[\u0620-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17ff\u1820-\u18aa\u1a20-\u1aaf"
    r"\u1b00-\u1bff\ua8e0-\ua8ff\ua980-\ua9ff\uaa60-\uaa7f\ufb50-\ufdff\ufe70-\ufefc"
    r"\U00010a00-\U00010aff\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
# Unicode's combining class of a virama, the sign that removes a consonant's vowel.
_VIRAMA: Final = 9


def strip_invisible(text: str) -> str:
    """Return a text without invisible characters, and with a newline for each kind of line end.

    The parts of an emoji stay, and so do joiners that a script needs to spell its words.
    """
    if not _SUSPECT.search(text):
        return text
    return _PARTS.sub(lambda match: _keep(match) or "", _LINE_ENDS.sub("\n", text))


def show_invisible(text: str, *, but: str = "") -> str:
    r"""Return a text with an escape, such as \u202E, for each invisible character not in `but`."""
    if not _SUSPECT.search(text):
        return text
    return _PARTS.sub(lambda match: _keep(match, but) or _escape(match[0]), text)


def _keep(match: re.Match[str], but: str = "") -> str:
    """Return the part that stays: an emoji, a joiner that its script needs, or nothing."""
    if match["sequence"] or match[0] in but:
        return match[0]
    return match[0] if match[0] in (_NON_JOINER, _JOINER) and _joins(match) else ""


def _joins(match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    if not _is_letter(before):
        return False
    # After a virama a joiner also shapes the end of a word: the Malayalam chillu.
    return unicodedata.combining(before) == _VIRAMA or _is_letter(after)


def _is_letter(character: str) -> bool:
    joining = _JOINING.fullmatch(character) is not None
    return joining and unicodedata.category(character)[0] in "LM"


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - Python's own
