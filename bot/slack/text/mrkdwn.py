"""Slack's message markup: written so that nothing typed can ping, read as a person sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.domain.entries import ChannelId, UserId
from bot.domain.invisible import show_invisible

# Invisible, takes no width, and neither joins emoji nor lets a line break.
JOINER: Final = "\u2060"
# A live piece of markup: a mention, a channel, a date or a link.
TOKEN: Final = re.compile(r"<((?:[@#!]|[A-Za-z][A-Za-z0-9+.\-]*:)[^<>]*)>")

# Slack has no escape for its marks, so a look-alike takes their place where they could act.
_LOOKALIKES: Final = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_ADDRESS: Final = r"(?P<address>https?://[^\s<>`*|\"]+)"
_ACTIVE: Final = re.compile(_ADDRESS + r"|[&<>*_~`@#＠＃]")
_BROADCAST: Final = re.compile(r"[@＠](?=here|channel|everyone)", re.IGNORECASE)
_BY_ID: Final = re.compile(r"@([UW][A-Z0-9]{5,20})\b")
_QUOTE: Final = re.compile(r"^(?=[^\S\n]*&gt;)", re.MULTILINE)
_MENTIONED: Final = re.compile(r"<@([UW][A-Z0-9]*)(?:\|[^<>]*)?>")
_LINKABLE: Final = re.compile(r"(?:https?://|mailto:|tel:)\S+", re.IGNORECASE)


def escape(text: str) -> str:
    """Escape `&`, `<` and `>`, the three characters that Slack wants escaped, each once.

    docs.slack.dev, formatting message text: escaping.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def said(text: str) -> str:
    """Return words of ours, with pieces of what people typed in them, as mrkdwn that pings nobody.

    Our own marks work. What was typed is escaped, and `@here` and its like are broken, for the text
    beside the blocks is not verbatim.
    """
    return _BROADCAST.sub(rf"\g<0>{JOINER}", escape(show_invisible(text)))


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def defused(text: str) -> str:
    """Return text that a person typed as mrkdwn that looks the same and does nothing.

    It is escaped; an invisible joiner breaks `@here`, `@ana` and `#ops`; `*`, `_`, `~` and
    backticks become look-alikes where Slack could read them as marks; a `>` that leads a line
    quotes nothing. Web addresses stay whole, for Slack links them. A look-alike does not survive
    copying into a shell: commands belong in a rich_text or plain_text block. An old revision may
    hold what no reader can see: it becomes an escape.
    """
    return _QUOTE.sub(JOINER, _ACTIVE.sub(_inert, show_invisible(text)))


def _inert(found: re.Match[str]) -> str:
    active = found.group()
    if found["address"]:
        return escape(active.replace("@", "%40"))
    if active in _LOOKALIKES:
        return active if _marks_nothing(found) else _LOOKALIKES[active]
    return escape(active) if active in "&<>" else active + JOINER


def _marks_nothing(found: re.Match[str]) -> bool:
    """Within a word or between spaces Slack reads no mark, and `~/` leads to a home folder.

    The ends of the text count as dangerous: what a template puts there is unknown.
    """
    mark = found.group()
    before = found.string[found.start() - 1 : found.start()]
    after = found.string[found.end() : found.end() + 1]
    if mark == "`":
        return False
    if before.isalnum() and after.isalnum():
        return True
    return before.isspace() and (after.isspace() or (mark == "~" and after == "/"))


def bold(text: str) -> str:
    """Return mrkdwn in bold: each line by itself, for Slack's marks end with the line."""
    return _marked(text, "*")


def strike(text: str) -> str:
    """Return mrkdwn struck through: each line by itself, for Slack's marks end with the line."""
    return _marked(text, "~")


def _marked(text: str, mark: str) -> str:
    def unmark(found: re.Match[str]) -> str:
        if found["address"]:
            return found.group().replace(mark, f"%{ord(mark):02X}")
        return _LOOKALIKES[mark] if found.group() == mark else found.group()

    inner = re.sub(rf"{TOKEN.pattern}|{_ADDRESS}|[{mark}]", unmark, text)
    return "\n".join(
        line.replace(core, f"{mark}{core}{mark}", 1) if (core := line.strip()) else line
        for line in inner.split("\n")
    )


def mentions(text: str) -> tuple[UserId, ...]:
    """Return the users whom a text of Slack's mentions, in order."""
    return tuple(dict.fromkeys(UserId(user) for user in _MENTIONED.findall(text)))


def mention(user: UserId) -> str:
    """Mention a person: they are notified where the text is posted."""
    return f"<@{user}>"


def channel(place: ChannelId) -> str:
    """Name a channel, by a link that only those who may see it can follow."""
    return f"<#{place}>"


def link(url: str, label: str) -> str:
    """Return a link with a label typed as plain text.

    What is no web, mail or phone address is no link to Slack either, and in a link's place it
    could ping (`!channel`): it is then shown after the label, defused.
    """
    if not _LINKABLE.fullmatch(url):
        return defused(f"{label} ({url})")
    words = defused(" ".join(label.split())).replace("|", "\u2223")
    address = escape(url).replace("|", "%7C")
    return f"<{address}|{words}>" if words else f"<{address}>"


def date(at: datetime, fmt: str, fallback: str) -> str:
    """Return a moment that each reader sees in their own time zone.

    `fmt` holds Slack's placeholders, such as `{date_short_pretty} at {time}`; `fallback` is plain
    text for clients that show no dates (docs.slack.dev, formatting message text: date).

    Raises:
        ValueError: `at` knows no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return f"<!date^{int(at.timestamp())}^{escape(fmt)}|{escape(fallback)}>"


def plain(text: str, names: Callable[[str], str] | None = None) -> str:
    """Return what a reader sees of text that came from Slack, as plain text.

    `names` gives the name of a user, group or channel by its id, without `@` or `#`; without it,
    what Slack wrote beside the id is shown, else the id. A link is `label (url)`, a date its
    fallback. Marks such as `*` stay, for in an operator's command they may be meant.
    """
    parts: list[str] = []
    end = 0
    for token in TOKEN.finditer(text):
        parts += [unescape(text[end : token.start()]), shown(token[1], names)]
        end = token.end()
    return "".join([*parts, unescape(text[end:])])


def named(text: str, names: Callable[[UserId], str]) -> str:
    """Return plain text in which people stand by ids, `@U0ANA123`, with their names instead."""
    return _BY_ID.sub(lambda found: "@" + names(UserId(found[1])), text)


def shown(token: str, names: Callable[[str], str] | None = None) -> str:
    """Return what a reader sees of one token, given without its angle brackets, as `plain`."""
    target, _, label = (unescape(part) for part in token.partition("|"))
    if target.startswith(("@", "!subteam^")):
        return "@" + _name(target.removeprefix("@").removeprefix("!subteam^"), label, names)
    if target.startswith("#"):
        return "#" + _name(target[1:], label, names)
    if target.startswith("!"):
        special, _, rest = target[1:].partition("^")
        return label if rest else f"@{special}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in {address, re.sub(r"^https?://", "", address).rstrip("/")}:
        return address
    return f"{label} ({address})"


def _name(ident: str, label: str, names: Callable[[str], str] | None) -> str:
    return (names(ident) if names else "") or label.lstrip("@#") or ident
