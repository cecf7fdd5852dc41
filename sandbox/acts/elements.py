"""Finding buttons and fields by what a person reads, and choosing in them."""

from __future__ import annotations

from typing import Any

from sandbox.drawing import buttons, words_of_blocks
from sandbox.errors import ActionRefusedError
from sandbox.markup import unescape
from sandbox.model import Json
from sandbox.state import elements_of, value_key
from sandbox.workspace import Workspace


def find_element(
    workspace: Workspace, blocks: list[Json], what: str, near: str | None = None
) -> tuple[Json, Json]:
    """Return the block and element that a person means by a label, placeholder or action_id.

    The two ids together, "block_id/action_id", are exact.

    With `near` it is the first one in or after the block that has these words.

    Raises:
        ActionRefusedError: there is none, or several.
    """
    start = 0
    if near is not None:
        holding = [
            i for i, block in enumerate(blocks) if near in words_of_blocks([block], workspace)
        ]
        if not holding:
            raise ActionRefusedError(f"nothing here says {near!r}")
        start = holding[0]
    found = [
        (block, element)
        for block in blocks[start:]
        for element in elements_of(block)
        if what in _names(block, element)
    ]
    if not found:
        raise ActionRefusedError(f"there is no {what!r} here, but {buttons(blocks)}")
    if len(found) > 1 and near is None:
        raise ActionRefusedError(f"there are {len(found)} {what!r} here; say which with near=")
    return found[0]


def _names(block: Json, element: Json) -> list[str]:
    names = [element["action_id"], f"{block['block_id']}/{element['action_id']}"]
    for holder, key in ((element, "text"), (element, "placeholder"), (block, "label")):
        if isinstance(holder.get(key), dict):
            names.append(unescape(holder[key]["text"]))
    if block["type"] == "section" and block.get("text") and element["type"] != "button":
        names.append(unescape(block["text"]["text"]).strip("*"))
    return names


def offered(element: Json) -> list[Json]:
    """Return the options of an element, those in groups too."""
    groups = element.get("option_groups") or []
    return [*element.get("options", []), *(o for group in groups for o in group["options"])]


def option(options: list[Json], wanted: str) -> Json:
    """Return the option with this text or value.

    Raises:
        ActionRefusedError: it is not offered.
    """
    for each in options:
        if wanted in (unescape(each["text"]["text"]), each.get("value")):
            return each
    texts = [each["text"]["text"] for each in options]
    raise ActionRefusedError(f"{wanted!r} is not offered, but {texts}")


def chosen(workspace: Workspace, element: Json, wanted: Any, options: list[Json]) -> Json:  # noqa: ANN401 - a label, several, or None
    """Return the state of an element in which a person has chosen `wanted` (None: nothing).

    Raises:
        ActionRefusedError: there is no such option, person or channel.
    """
    kind = str(element["type"])
    key = value_key(kind)
    if key is None:
        raise ActionRefusedError(f"nothing can be chosen in a {kind}")
    several = kind.startswith("multi_") or kind == "checkboxes"
    if several:
        every = [wanted] if isinstance(wanted, str) else list(wanted or [])
        most = element.get("max_selected_items", len(every))
        if len(every) > most:
            raise ActionRefusedError(f"at most {most} can be chosen")
        return {"type": kind, key: [_one(workspace, kind, each, options) for each in every]}
    one = None if wanted is None else _one(workspace, kind, wanted, options)
    return {"type": kind, key: one}


def _one(workspace: Workspace, kind: str, wanted: Any, options: list[Json]) -> Any:  # noqa: ANN401 - an option, an id or a date
    if "users_select" in kind:
        return workspace.person(str(wanted)).id
    if "conversations_select" in kind or "channels_select" in kind:
        return workspace.channel(str(wanted)).id
    if "select" in kind or kind in ("radio_buttons", "checkboxes"):
        return option(options, str(wanted))
    return wanted
