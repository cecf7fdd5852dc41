"""A message's text as the short list of words that recognition looks at."""

import re
from typing import Final

from bot.domain.recognition.words import KINDS, PLAIN, SPELLINGS

# An act is said at the head of a long message or at its end; what lies between is a log or a story.
HEAD: Final = 500
TAIL: Final = 200

UNKNOWN: Final = "w"
SENTENCE: Final = "."

_TOKEN: Final = re.compile(
    r"\A[^\W\d][\w-]{1,24}:(?=\s)"  # a person is addressed as `name:` where there are no mentions
    r"|```.*?(?:```|\Z)"  # a fence, also one that is never closed
    r"|`[^`\n]+`"
    r"|^[ \t]*>[^\n]*"  # a quoted line is another's act
    r"|(?:https?|ssh|ftp|file)://\S+"
    r"|@[\w.+-]*\w"
    r"|\#[\w-]+"
    r"|:[a-z][\w+'-]*:|:\+1:"
    r"|\+1\b"
    r"|[^\W\d_]\w*(?:[.'/@-]\w+)*"
    r"|\d[\w.:,%/-]*"
    r"|[?]|[.!;\n]",
    re.DOTALL | re.MULTILINE,
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


# What stands for a token that is no known word, by its first character; "" for what says nothing.
_MARKS: Final = {"`": "code", "#": "#c", ":": "", ">": "", " ": "", "\t": ""}


def _kind(token: str) -> str:
    """Return what stands for a token that is no known word; nothing for what says nothing."""
    first = token[0]
    if first == "@":
        return "@t" if _GROUPS.match(token) else "@p"
    if first.isdigit():
        return "0"
    if first in _MARKS:
        return _MARKS[first]
    if token[-1] == ":":
        return KNOWN.get(token[:-1], "@p")
    return "url" if "://" in token else UNKNOWN


def tokens(text: str) -> list[str]:
    """Return the words, kinds and marks of at most 700 characters of `text`, in order.

    A mention is `@p`, one of a group `@t`, of everybody present `@all`; a link is `url`, code is
    `code`, a number `0`, an unknown word `w`; sentences end in `.` or `?`.
    Quoted lines are left out.
    """
    if len(text) > HEAD + TAIL:
        text = text[:HEAD] + "\n" + text[-TAIL:]
    known = KNOWN.get
    found = [
        known(token) or _kind(token)
        for token in _TOKEN.findall(text.lower().replace("\u2019", "'"))
    ]
    return [token for token in found if token]
