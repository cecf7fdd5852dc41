"""Slack's message markup: from typed text, and to the text that a reader sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_TYPED = re.compile(
    r"<@(?P<user>[UW]\w+)(?:\|[^<>]*)?>"
    r"|<#(?P<place>[CG]\w+)(?:\|[^<>]*)?>"
    r"|(?<![\w@])@(?P<name>\w[\w.\-]*)"
    r"|(?<![\w#&])#(?P<channel>[\w\-]+)"
    r"|(?P<url>https?://[^\s<>]+)"
)
_BROADCASTS = ("channel", "here", "everyone")


def escape(text: str) -> str:
    """Escape the three characters that Slack escapes (formatting-message-text, escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@dataclass(frozen=True, slots=True)
class Names:
    """Look-ups for mentions by name; each returns None for an unknown name."""

    user: Callable[[str], str | None]
    channel: Callable[[str], str | None]
    group: Callable[[str], str | None]


def typed(text: str, names: Names) -> str:
    """Return the markup of a text as Slack's composer sends it.

    `@ana`, `#ops` and web addresses become mentions and links. A mention with a known id stays one.
    Everything else is escaped, so no one can type `<!channel>` into a message.
    """
    parts: list[str] = []
    end = 0
    for match in _TYPED.finditer(text):
        live, length = _live(match, names)
        if live is None:
            continue
        parts += [escape(text[end : match.start()]), live]
        end = match.start() + length
    parts.append(escape(text[end:]))
    return "".join(parts)


def _live(match: re.Match[str], names: Names) -> tuple[str | None, int]:
    text = match.group()
    if user := match["user"]:
        return (f"<@{user}>" if names.user(user) else None), len(text)
    if place := match["place"] or match["channel"]:
        return names.channel(place), len(text)
    if match["url"]:
        address = text.rstrip(".,;:!?)'\"")
        # A bar would start a label and hide the address of the link.
        return f"<{address.replace('&', '&amp;').replace('|', '%7C')}>", len(address)
    return _mention(match["name"] or "", names)


def _mention(name: str, names: Names) -> tuple[str | None, int]:
    """Return the mention of a name, which may end with a full stop."""
    while name:
        if user := names.user(name):
            return f"<@{user}>", len(name) + 1
        if group := names.group(name):
            return f"<!subteam^{group}>", len(name) + 1
        if name in _BROADCASTS:
            return f"<!{name}>", len(name) + 1
        if name[-1] not in ".-_":
            break
        name = name[:-1]
    return None, 0
