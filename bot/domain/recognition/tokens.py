"""A message's text as the short list of words that recognition looks at."""

import re
from typing import Final

from bot.domain.recognition.cache import Kept
from bot.domain.recognition.words import KINDS, PLAIN, SPELLINGS

# A long message has its act at its start or end. The middle is usually a log or a story.
HEAD: Final = 500
TAIL: Final = 200

UNKNOWN: Final = "w"
SENTENCE: Final = "."

_LINK: Final = r"(?:https?|ssh|ftp|file)://\S+"
# Parts that may contain spaces: a fence, even unclosed; code; a quoted line, which is another
# person's act. Links come first, because a mark inside a link doesn't open a part.
_SPAN: Final = re.compile(
    rf"(?<!\w){_LINK}|```.*?(?:```|\Z)|`[^`\n]+`|^[ \t]*>[^\n]*", re.DOTALL | re.MULTILINE
)
_CODE: Final = "\0"
# A person is addressed as `name:` where there are no mentions.
_ADDRESSED: Final = re.compile(r"[^\W\d][\w-]{1,24}:(?=\s)")
_TOKEN: Final = re.compile(
    rf"{_LINK}"
    r"|@[\w.+-]*\w"
    r"|\#[\w-]+"
    r"|:[a-z][\w+'-]*:|:\+1:"
    r"|\+1\b"
    r"|[^\W\d_]\w*(?:[.'/@-]\w+)*"
    r"|\d[\w.:,%/-]*"
    rf"|[?.!;\n{_CODE}]"
)

_GROUPS: Final = re.compile(
    r"@(?:s[0-9a-z]{8,}$|t-|.*(?:team|on-?call|ops|sre|dba|infra|support|secur|platform|admin|help"
    r"|network|netops|noc|soc|data|release|eng|devs?|desk|leads?|managers?|duty|group)(?:\b|$))"
)
_BROADCASTS: Final = frozenset({"@here", "@channel", "@everyone", "@all"})
_ASSENTS: Final = frozenset(
    {"+1", ":+1:", ":thumbsup:", ":thumbs_up:", ":white_check_mark:", ":check:", ":ok_hand:"}
)


def _known() -> dict[str, str]:
    known = {word: word for word in PLAIN.split()}
    for kind, words in KINDS.items():
        known.update(dict.fromkeys(words.split(), kind))
    known.update({spelling: known.get(word, word) for spelling, word in SPELLINGS.items()})
    known.update({"?": "?", ".": SENTENCE, "!": SENTENCE, ";": SENTENCE, "\n": SENTENCE})
    known.update(dict.fromkeys(_ASSENTS, "+1"))
    known.update(dict.fromkeys(_BROADCASTS, "@all"))
    return known


KNOWN: Final = _known()


# The code of a token is one character, so that a pattern is an ordinary regular expression.
_FIRST: Final = 0x4E00
_EXTRA: Final = (UNKNOWN, "@p", "@t", "#c", "url", "code", "0")
VOCABULARY: Final = tuple(dict.fromkeys((*sorted(set(KNOWN.values())), *_EXTRA)))
CODE: Final = {token: chr(_FIRST + index) for index, token in enumerate(VOCABULARY)}

# The code of an unknown token by its first character; "" if it has no meaning.
_KINDS: Final = {_CODE: "code", "#": "#c", ":": ""}


def _kind(token: str) -> str:
    """Return the code word of an unknown token, or nothing if it has no meaning."""
    first = token[0]
    if first == "@":
        return "@t" if _GROUPS.match(token) else "@p"
    if first.isdigit():
        return "0"
    if first in _KINDS:
        return _KINDS[first]
    return "url" if "://" in token else UNKNOWN


def _codes(word: str) -> str:
    """Return the codes of the characters between two spaces."""
    found = [KNOWN.get(token) or _kind(token) for token in _TOKEN.findall(word)]
    return "".join([CODE[token] for token in found if token])


# People use the same few thousand words nearly all the time, so a cache finds most of them.
_CODES: Final = Kept(_codes, 1 << 13)


def _span(found: re.Match[str]) -> str:
    """Return a link as it is, a mark for code, and nothing for a quoted line."""
    first = found[0][0]
    if first == "`":
        return f" {_CODE} "
    return found[0] if first.isalpha() else ""


def shorten(text: str) -> str:
    """Return the start and the end of a text that is long, and other texts as they are."""
    return text if len(text) <= HEAD + TAIL else text[:HEAD] + "\n" + text[-TAIL:]


def encoded(text: str) -> str:
    """Return `tokens` of a text as a string of one character each, as `CODE` has them."""
    text = shorten(text).lower().replace("\u2019", "'")
    if "`" in text or ">" in text:
        text = _SPAN.sub(_span, text)
    whom = ""
    if addressed := _ADDRESSED.match(text):
        whom = CODE[KNOWN.get(addressed[0][:-1], "@p")]
        text = text[addressed.end() :]
    return whom + "".join(map(_CODES.__getitem__, text.replace("\n", " \n ").split(" ")))


def tokens(text: str) -> list[str]:
    """Return the words, kinds and marks of at most 700 characters of `text`, in order.

    A mention is `@p`, one of a group `@t`, of everybody present `@all`; a link is `url`, code is
    `code`, a number `0`, an unknown word `w`; sentences end in `.` or `?`.
    Quoted lines are left out.
    """
    return [VOCABULARY[ord(code) - _FIRST] for code in encoded(text)]
