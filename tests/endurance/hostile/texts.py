"""Texts that a hostile or careless person types; the same for the same seed."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import Final

# This is part of almost every text, so a log or a token that contains it contains typed text.
MARK: Final = "hostileword"

_MENTIONS: Final = (
    "<!channel>",
    "<!here>",
    "<!everyone|everyone>",
    "<@U0HOSTILE>",
    "<@W0HOSTILE|ana>",
    "<#C0HOSTILE|ops>",
    "<!subteam^S0HOSTILE|@oncall>",
    f"<!date^1392734382^{{date}} {MARK}|{MARK}>",
    f"<https://evil.example/{MARK}|https://good.example>",
    "<mailto:evil@example.com|good@example.com>",
    "@here",
    "@channel",
    "@everyone",
    "＠channel",
    "@ana",
    "#ops",
    "&lt;!channel&gt;",
    "&amp;lt;!here&amp;gt;",
    "<",
    "<!",
    "<<!channel>>",
    "<!channel",
    "*<!channel>*",
    "`<!here>`",
    "> <!here>",
)
_MARKS: Final = (
    "*",
    "_",
    "~",
    "`",
    "```",
    "***bold",
    "_it_ali_c_",
    "~~gone~~",
    "```\nrm -rf /\n```",
    "```open",
    "`open",
    "> quoted\n>> twice",
    "&",
    "&amp;",
    "|",
    ":scroll:",
    ":not_an_emoji:",
)
_CODES: Final = (
    "{{ 7 * 7 }}",
    "{{ config }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{# gone #}",
    "{%",
    "{{",
    "}}",
    '"',
    '\\"',
    "\\",
    "\\u0000",
    '"}, {"type": "section"}',
    '{"draft": 1}',
    "[null]",
    "'; DROP TABLE entries; --",
    "' OR '1'='1",
    "NEAR(a b, 2)",
    "title : x",
    "a OR b AND NOT c",
    '"unclosed',
    "-x ^y +z",
    "col*",
    "a & !b | (c <-> d):*A",
    "'quoted':*",
    "%_%",
    "100%",
    "_",
    "DEC-1",
    "DEC-99999999999999999999",
    "dec 1@999999999",
    "ESC-0",
    "HND--1",
    "$(id)",
    "../../etc/passwd",
    "%s %(name)s {0}",
)
_STRANGE: Final = (
    "\u200b\u200b",
    "\u2060",
    "\ufeff",
    "\u202eesrever\u202c",
    "\u2066isolated\u2069",
    "مرحبا بالعالم",
    "שלום",
    "Z̷̡̛a̶l̵g̸o" + "\u0301" * 60,
    "👩‍👩‍👧‍👦" * 12,
    "🇩🇪🇺🇸🇯",
    "👍🏽",
    "漢字かな交じり文",
    "İıßﬃ",
    "\u2028line\u2029paragraph",
    "\x00",
    "\x1b[31m",
    "\x08\x7f",
    "\r\n\r",
    "\t",
    "\U000e0041",
    "\uffff",
)
_BLANK: Final = (" ", "   \t  ", "\n\n", "\u200b", "\u3000", "\u2060\u200d", "\u00a0", "\x00", "")


def seeded(seed: int) -> random.Random:
    """Return a random generator, the same for the same seed."""
    return random.Random(seed)


def _letters(rng: random.Random, count: int, of: str = string.ascii_letters + string.digits) -> str:
    return "".join(rng.choice(of) for _ in range(count))


def secret(rng: random.Random) -> str:
    """Return a made-up secret in one of many formats, split so that no scanner reports it."""
    upper = string.ascii_uppercase + string.digits
    makes: tuple[Callable[[], str], ...] = (
        lambda: "AK" + "IA" + _letters(rng, 16, upper),
        lambda: "gh" + "p_" + _letters(rng, 36),
        lambda: "gl" + "pat-" + _letters(rng, 20),
        lambda: "xo" + f"xb-{_letters(rng, 12, string.digits)}-{_letters(rng, 24)}",
        lambda: "sk" + "_live_" + _letters(rng, 24),
        lambda: "SG" + f".{_letters(rng, 22)}.{_letters(rng, 43)}",
        lambda: "-----BEGIN RSA " + f"PRIVATE KEY-----\n{_letters(rng, 64)}\n-----END RSA KEY-----",
        lambda: "Bearer " + _letters(rng, 32),
        lambda: "password: " + _letters(rng, 10) + "7",
        lambda: "api_key = '" + _letters(rng, 20) + "9'",
        lambda: f"https://root:{_letters(rng, 12)}@db.example.com/",
    )
    return rng.choice(makes)()


def piece(rng: random.Random) -> str:
    """Return one hostile text fragment."""
    return rng.choice(rng.choice((_MENTIONS, _MARKS, _CODES, _STRANGE)))


def short(rng: random.Random) -> str:
    """Return a line of hostile fragments and plain words, up to 150 characters."""
    words = [piece(rng), MARK, _letters(rng, rng.randint(1, 9), string.ascii_lowercase), piece(rng)]
    rng.shuffle(words)
    return " ".join(words)[:150]


def text(rng: random.Random) -> str:
    """Return any hostile text, from nothing to 40,000 characters."""
    chance = rng.random()
    if chance < 0.06:
        return rng.choice(_BLANK) * rng.choice((1, 1, 5, 150))
    if chance < 0.1:
        return f"{MARK} {secret(rng)} {piece(rng)}"
    if chance < 0.16:
        size = rng.choice((149, 150, 151, 1000, 1001, 2999, 3000, 3001, 12_000, 40_000))
        return _of_size(rng, size)
    if chance < 0.2:
        return f"https://example.com/{MARK}?q={_letters(rng, 40)}&x=<{piece(rng)}"
    if chance < 0.3:
        return f"We always {_said(rng)} because of {piece(rng)} {MARK}."
    return rng.choice((" ", "\n", "", ", ")).join(
        rng.choice((MARK, piece(rng), piece(rng))) for _ in range(rng.randint(2, 12))
    )


def _said(rng: random.Random) -> str:
    """Return a text that reads like a speech act, so that prompts and gaps get hostile words."""
    return rng.choice(
        (
            "roll back when the error budget is gone, decided: that is our rule from now on",
            "page the database on-call first, and if nobody answers escalate to the lead",
            "hand over the open incidents to the next shift at six, please take over",
        )
    )


def _of_size(rng: random.Random, size: int) -> str:
    unit = rng.choice(
        ("x", "<!channel> ", "ab ", "& ", "é", "漢", "*a", "👍", "\u202e", "a\n", "`")
    )
    head = f"{MARK} "
    return (head + unit * size)[:size].strip().ljust(size, "y")


def lone(rng: random.Random, typed: str) -> str:
    """Return the text with halves of surrogate pairs and a NUL, as a broken client sends it."""
    at = rng.randint(0, len(typed))
    return typed[:at] + rng.choice(("\ud800", "\udfff", "\udc00\ud800", "\x00")) + typed[at:]
