"""Slack's message markup: writing it so that typed text can't ping, and reading it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Final

from bot.domain.entries import ChannelId, UserId
from bot.domain.invisible import show_invisible
from bot.domain.messages import MOST_NAMED

# U+2060 is invisible, has no width, joins no emoji and allows no line break.
JOINER: Final = "\u2060"
# Live markup: a mention, a channel, a date or a link.
TOKEN: Final = re.compile(r"<((?:[@#!]|[A-Za-z][A-Za-z0-9+.\-]*:)[^<>]*)>")

# Slack has no escape for its marks, so they are replaced with look-alikes where they would act.
_LOOKALIKES: Final = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_ADDRESS: Final = r"(?P<address>https?://[^\s<>`*|\"]+)"
_ACTIVE: Final = re.compile(_ADDRESS + r"|[&<>*_~`@#＠＃]")
_BROADCAST: Final = re.compile(r"[@＠](?=here|channel|everyone)", re.IGNORECASE)
_BY_ID: Final = re.compile(r"@([UW][A-Z0-9]{5,20})\b")
_QUOTE: Final = re.compile(r"^(?=[^\S\n]*&gt;)", re.MULTILINE)
_MENTIONED: Final = re.compile(r"<@([UW][A-Z0-9]*)(?:\|[^<>]*)?>")
_NAMED_CHANNEL: Final = re.compile(r"<#([CG][A-Z0-9]*)(?:\|[^<>]*)?>")
_LINKABLE: Final = re.compile(r"(?:https?://|mailto:|tel:)\S+", re.IGNORECASE)


def escape(text: str) -> str:
    """Escape `&`, `<` and `>`, the three characters that Slack wants escaped, each once.

    docs.slack.dev, formatting message text: escaping.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def said(text: str) -> str:
    """Return a sentence of ours that quotes typed text, as mrkdwn that pings no one.

    Our own marks work. Typed text is escaped, and `@here` and the like are broken, because the text
    of a message with blocks isn't verbatim.
    """
    return _BROADCAST.sub(rf"\g<0>{JOINER}", escape(show_invisible(text)))


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def defused(text: str) -> str:
    """Return typed text as mrkdwn that looks the same and does nothing.

    An invisible joiner breaks `@here`, `@ana`, `#ops` and a `>` at the start of a line. `*`, `_`,
    `~` and backticks become look-alikes where Slack could read them as marks. Web addresses stay,
    because Slack links them. Invisible characters, which an old revision may hold, become escapes.
    A shell doesn't understand look-alikes, so put commands in a rich_text or plain_text block.
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
    """Return whether Slack reads no mark here: within a word, between spaces, or in `~/`.

    At the ends of the text it could be one, because a template may put anything there.
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
    """Return mrkdwn in bold, line by line, because Slack's marks end with the line."""
    return _marked(text, "*")


def strike(text: str) -> str:
    """Return mrkdwn struck through, line by line, because Slack's marks end with the line."""
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
    """Return the users that a text from Slack mentions, in order."""
    return tuple(dict.fromkeys(UserId(user) for user in _MENTIONED.findall(text)))


def channels(text: str) -> tuple[ChannelId, ...]:
    """Return the channels that a text from Slack names, in order."""
    return tuple(dict.fromkeys(ChannelId(place) for place in _NAMED_CHANNEL.findall(text)))


def without_tokens(text: str) -> str:
    """Return a text from Slack as plain text, without its mentions, channels, dates and links."""
    return unescape(TOKEN.sub(" ", text))


def mention(user: UserId) -> str:
    """Return a mention, which notifies the person when the text is posted."""
    return f"<@{user}>"


def channel(place: ChannelId) -> str:
    """Return a link to a channel, which shows its name only to people who can see it."""
    return f"<#{place}>"


def link(url: str, label: str) -> str:
    """Return a link with a label typed as plain text.

    Anything else than a web, mail or phone address follows the label as plain text: Slack wouldn't
    link it, and between `<` and `>` it could ping (`!channel`).
    """
    if not _LINKABLE.fullmatch(url):
        return defused(f"{label} ({url})")
    words = defused(" ".join(label.split())).replace("|", "\u2223")
    address = escape(url).replace("|", "%7C")
    return f"<{address}|{words}>" if words else f"<{address}>"


def date(at: datetime, fmt: str, fallback: str) -> str:
    """Return a moment that each reader sees in their own time zone.

    `fmt` holds Slack's placeholders, such as `{date_short} at {time}`; `fallback` is plain
    text for clients that show no dates (docs.slack.dev, formatting message text: date).

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return f"<!date^{int(at.timestamp())}^{escape(fmt)}|{escape(fallback)}>"


def plain(text: str, names: Callable[[str], str] | None = None) -> str:
    """Return text from Slack as plain text, as a reader sees it.

    `names` gives the name of a user, group or channel by its id, without `@` or `#`. Without it,
    the label that Slack wrote is shown, or the id. A link becomes `label (url)`, a date its
    fallback. Marks such as `*` stay, because they may be part of a command.
    """
    parts: list[str] = []
    end = 0
    for token in TOKEN.finditer(text):
        parts += [unescape(text[end : token.start()]), shown(token[1], names)]
        end = token.end()
    return "".join([*parts, unescape(text[end:])])


def named(text: str, names: Callable[[UserId], str]) -> str:
    """Return plain text with names in place of the ids of the first people, `@U0ANA123`."""
    users = dict.fromkeys(UserId(user) for user in _BY_ID.findall(text))
    by_id = {user: names(user) for user in islice(users, MOST_NAMED)}
    return _BY_ID.sub(lambda found: "@" + by_id.get(UserId(found[1]), found[1]), text)


def shown(token: str, names: Callable[[str], str] | None = None) -> str:
    """Return one token, without its angle brackets, as `plain` shows it."""
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
