"""Messages and views as plain text: their words without markup, and their buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.markup import unescape
from sandbox.model import Json, Message
from sandbox.state import elements_of, every_block
from sandbox.view import View
from sandbox.workspace import Workspace

_TOKEN = re.compile(r"<([^<>]+)>")
_STYLE = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]*?\S)\1(?![\w*_~`])")


def drawn(text: str, workspace: Workspace, *, styled: bool = True) -> str:
    """Return mrkdwn as plain text: names for ids, labels for links, no style characters.

    A date becomes its fallback. Without `styled` only the escapes are undone.
    """
    if not styled:
        return unescape(text)
    words = _TOKEN.sub(lambda match: _token(match[1], workspace), text)
    return unescape(_STYLE.sub(r"\2", _STYLE.sub(r"\2", words)))


def _token(token: str, workspace: Workspace) -> str:
    what, _, label = token.partition("|")
    if what.startswith("@"):
        person = workspace.people.get(what[1:])
        return f"@{person.name}" if person else f"@{what[1:]}"
    if what.startswith("#"):
        channel = workspace.channels.get(what[1:])
        return f"#{channel.name}" if channel else f"#{label or what[1:]}"
    if what.startswith("!subteam^"):
        group = workspace.usergroups.get(what.removeprefix("!subteam^"))
        return f"@{group.handle}" if group else label or f"@{what[1:]}"
    if what.startswith("!date"):
        return label
    if what.startswith("!"):
        return label or f"@{what[1:]}"
    return label or what


def words_of_blocks(blocks: list[Json], workspace: Workspace) -> str:
    """Return all text of blocks, one line per text."""
    return "\n".join(line for line in _lines(blocks, workspace) if line)


def words_of_message(message: Message, workspace: Workspace) -> str:
    """Return all text of a message; if it has blocks, that of the blocks."""
    words = words_of_blocks([*message.blocks, *message.attachments], workspace)
    return words or drawn(message.text, workspace)


def words_of_view(view: View, workspace: Workspace) -> list[str]:
    """Return every text of a view, its title, labels, errors and typed values included."""
    definition = view.definition
    lines = list(_lines(definition.get("title"), workspace))
    for block in view.blocks:
        lines += _lines(block, workspace)
        typed = view.values.get(block["block_id"], {}).values()
        lines += [str(state["value"]) for state in typed if state.get("value")]
        lines.append(view.errors.get(block["block_id"], ""))
    lines += _lines(definition.get("submit"), workspace)
    return [line for line in lines if line]


def buttons(blocks: list[Json]) -> list[str]:
    """Return the labels of all buttons, in reading order."""
    return [
        unescape(element["text"]["text"])
        for block in every_block(blocks)
        for element in elements_of(block)
        if element["type"] == "button"
    ]


# The fields with text, in reading order. Some blocks have plain strings beside their objects.
_ORDER = (
    *("title", "rich_text_title", "subtitle", "caption", "label", "text", "body", "elements"),
    *("fields", "element", "accessory", "placeholder", "options", "option_groups", "hint"),
    *("description", "rows", "blocks", "child_blocks", "tasks", "details", "output", "sources"),
    *("actions", "positive_button", "negative_button"),
)
_PLACES = {name: place for place, name in enumerate(_ORDER)}
_WORDS = ("title", "caption", "provider_name", "author_name", "external_id")


def _lines(part: Any, workspace: Workspace) -> Iterator[str]:  # noqa: ANN401 - any part of Block Kit
    if isinstance(part, list):
        if part and all(isinstance(each, dict) and _is_run(each) for each in part):
            yield "".join(_run(each, workspace) for each in part)
            return
        for each in part:
            yield from _lines(each, workspace)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            styled = part.get("type") in ("mrkdwn", "markdown", None)
            yield drawn(part["text"], workspace, styled=styled)
        yield from (part[key] for key in _WORDS if isinstance(part.get(key), str))
        for key in sorted(part.keys() & _PLACES.keys(), key=_PLACES.__getitem__):
            if isinstance(part[key], (dict, list)):
                yield from _lines(part[key], workspace)
        if isinstance(part.get("alt_text"), str):
            yield part["alt_text"]


def _is_run(element: Json) -> bool:
    kind = element.get("type")
    if kind == "text":
        return isinstance(element.get("text"), str)
    return kind in _RUN


# The inline elements of rich text, and the text that a reader sees of each.
_RUN: dict[str, Callable[[Json, Workspace], str]] = {
    "text": lambda given, _: str(given["text"]),
    "link": lambda given, _: str(given.get("text") or given["url"]),
    "emoji": lambda given, _: f":{given['name']}:",
    "broadcast": lambda given, _: f"@{given['range']}",
    "user": lambda given, workspace: _token(f"@{given['user_id']}", workspace),
    "usergroup": lambda given, workspace: _token(f"!subteam^{given['usergroup_id']}", workspace),
    "channel": lambda given, workspace: _token(f"#{given['channel_id']}", workspace),
    "date": lambda given, _: str(given.get("fallback") or given["format"]),
    "color": lambda given, _: str(given["value"]),
    "team": lambda given, _: str(given["team_id"]),
}


def _run(element: Json, workspace: Workspace) -> str:
    return _RUN[element["type"]](element, workspace)
