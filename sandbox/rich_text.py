"""The rich_text block that Slack's composer makes of typed text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from sandbox.markup import unescape
from sandbox.model import Json

# Text between ``` stays as typed, over several lines too.
_PRE = re.compile(r"```\n?(.+?)\n?```\n?", re.DOTALL)
_LINES = (
    ("quote", re.compile(r"&gt; ?(.*)")),
    ("bullet", re.compile(r"[-*•] (.+)")),
    ("ordered", re.compile(r"\d+\. (.+)")),
)


def _styled(sign: str) -> str:
    """Return the pattern of a text between two signs; links in it may contain the sign."""
    mark = re.escape(sign)
    body = rf"(?:<[^<>\n]+>|[^<{mark}\n])+?"
    return rf"(?<![\w{mark}]){mark}(?=[^\s{mark}])({body})(?<!\s){mark}(?![\w{mark}])"


_MARKED = re.compile(
    r"<(?P<live>[^<>\n]+)>"
    r"|(?<![\w:]):(?P<emoji>[a-z0-9_+\-']+):"
    r"|`(?P<code>[^`\n]+)`"
    rf"|(?P<bold>{_styled('*')})|(?P<italic>{_styled('_')})|(?P<strike>{_styled('~')})"
)


def rich_text(text: str, block_id: str) -> list[Json]:
    """Return the blocks that Slack's composer sends with a text in markup."""
    return [{"type": "rich_text", "block_id": block_id, "elements": list(_parts(text))}]


def _parts(text: str) -> Iterator[Json]:
    end = 0
    for match in _PRE.finditer(text):
        yield from _lines(text[end : match.start()].removesuffix("\n"))
        yield {"type": "rich_text_preformatted", "elements": list(_run(match[1], {}, literal=True))}
        end = match.end()
    yield from _lines(text[end:])


def _lines(text: str) -> Iterator[Json]:
    """Yield sections, quotes and lists with their lines."""
    if not text:
        return
    for kind, lines in groupby(map(_kind, text.split("\n")), key=lambda pair: pair[0]):
        block = [line for _, line in lines]
        if kind in ("bullet", "ordered"):
            items = [_section("rich_text_section", line) for line in block]
            yield {"type": "rich_text_list", "style": kind, "indent": 0, "elements": items}
        else:
            yield _section(f"rich_text_{kind}", "\n".join(block))


def _kind(line: str) -> tuple[str, str]:
    for kind, pattern in _LINES:
        if match := pattern.fullmatch(line):
            return kind, match[1]
    return "section", line


def _section(kind: str, text: str) -> Json:
    return {"type": kind, "elements": list(_run(text, {}))}


def _run(text: str, style: Json, *, literal: bool = False) -> Iterator[Json]:
    """Yield the elements of a text; nested styles are combined."""
    with_style = {"style": style} if style else {}
    end = 0
    for match in _MARKED.finditer(text):
        kind = str(match.lastgroup)
        if literal and kind != "live":
            continue
        if match.start() > end:
            yield {"type": "text", "text": unescape(text[end : match.start()])} | with_style
        end = match.end()
        if kind == "live":
            yield _live(match["live"]) | with_style
        elif kind == "emoji":
            yield {"type": "emoji", "name": match["emoji"]} | with_style
        elif kind == "code":
            yield from _run(match["code"], style | {"code": True}, literal=True)
        else:
            yield from _run(match[kind][1:-1], style | {kind: True})
    if end < len(text):
        yield {"type": "text", "text": unescape(text[end:])} | with_style


def _live(token: str) -> Json:
    what, _, label = token.partition("|")
    if what.startswith("@"):
        return {"type": "user", "user_id": what[1:]}
    if what.startswith("#"):
        return {"type": "channel", "channel_id": what[1:]}
    if what.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": what.removeprefix("!subteam^")}
    if what.startswith("!"):
        return {"type": "broadcast", "range": what[1:]}
    return {"type": "link", "url": unescape(what)} | ({"text": unescape(label)} if label else {})
