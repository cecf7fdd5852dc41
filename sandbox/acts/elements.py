"""Finding buttons and fields by their labels, and choosing in them."""

from __future__ import annotations

import re
from typing import Any

from sandbox.drawing import buttons, words_of_blocks
from sandbox.errors import ActionRefusedError
from sandbox.markup import typed, unescape
from sandbox.model import Channel, Json
from sandbox.rich_text import rich_text
from sandbox.state import elements_of, every_block, state_of, value_key
from sandbox.workspace import Workspace


def find_element(
    workspace: Workspace,
    blocks: list[Json],
    what: str,
    near: str | None = None,
    *,
    earlier: list[Json] | None = None,
) -> tuple[Json, Json]:
    """Return the block and element that a person means by a label, placeholder or action_id.

    The two ids together, "block_id/action_id", are exact. They also find a button in the `earlier`
    blocks: an update may arrive just before the press, and it gives new ids to blocks that the app
    didn't name.

    With `near` it is the first one in or after the block with this text.

    Raises:
        ActionRefusedError: no element matches, or several do.
    """
    blocks = every_block(blocks)
    start = 0
    if near is not None:
        holding = [
            i for i, block in enumerate(blocks) if near in words_of_blocks([block], workspace)
        ]
        if not holding:
            raise ActionRefusedError(f"nothing here says {near!r}")
        start = holding[0]
    matches = [
        (block, element)
        for block in blocks[start:]
        for element in elements_of(block)
        if what in _names(block, element)
    ]
    if not matches:
        matches = [
            (block, element)
            for block in every_block(earlier or [])
            for element in elements_of(block)
            if what == _exact(block, element) and value_key(element["type"]) is None
        ]
    if not matches:
        raise ActionRefusedError(f"there is no {what!r} here, but {buttons(blocks)}")
    if len(matches) > 1 and near is None:
        raise ActionRefusedError(f"there are {len(matches)} {what!r} here; say which with near=")
    return matches[0]


def _exact(block: Json, element: Json) -> str:
    return f"{block['block_id']}/{element['action_id']}"


def _names(block: Json, element: Json) -> list[str]:
    names = [element["action_id"], _exact(block, element)]
    for holder, key in ((element, "text"), (element, "placeholder"), (block, "label")):
        if isinstance(holder.get(key), dict):
            names.append(unescape(holder[key]["text"]))
    if block["type"] == "section" and block.get("text") and element["type"] != "button":
        names.append(unescape(block["text"]["text"]).strip("*"))
    return names


def offered(element: Json) -> list[Json]:
    """Return the options of an element, including those in groups."""
    groups = element.get("option_groups") or []
    return [*element.get("options", []), *(o for group in groups for o in group["options"])]


def option(options: list[Json], wanted: str | Json) -> Json:
    """Return the option with this text or value; an option object is returned as it is.

    Raises:
        ActionRefusedError: there is no such option.
    """
    for each in options:
        if wanted in (each, unescape(each["text"]["text"]), each.get("value")):
            return each
    texts = [each["text"]["text"] for each in options]
    raise ActionRefusedError(f"{wanted!r} is not offered, but {texts}")


def chosen(workspace: Workspace, element: Json, wanted: Any, options: list[Json]) -> Json:  # noqa: ANN401 - a label, several, or None
    """Return the state of an element in which a person has chosen `wanted` (None: nothing).

    Raises:
        ActionRefusedError: there is no such option, person or channel.
    """
    kind = str(element["type"])
    if value_key(kind) is None:
        raise ActionRefusedError(f"nothing can be chosen in a {kind}")
    if not _takes_several(kind):
        one = None if wanted is None else _one(workspace, element, wanted, options)
        return state_of(element, one)
    choices = [wanted] if isinstance(wanted, str) else list(wanted or [])
    most = element.get("max_files" if kind == "file_input" else "max_selected_items", len(choices))
    if len(choices) > most:
        raise ActionRefusedError(f"at most {most} can be chosen")
    return state_of(element, [_one(workspace, element, each, options) for each in choices])


def _takes_several(kind: str) -> bool:
    return kind.startswith("multi_") or kind in ("checkboxes", "file_input")


def _one(workspace: Workspace, element: Json, wanted: Any, options: list[Json]) -> Any:  # noqa: ANN401 - an option, an id or a date
    kind = str(element["type"])
    if "users_select" in kind:
        return workspace.person(str(wanted)).id
    if "conversations_select" in kind or "channels_select" in kind:
        return _conversation(workspace, element, str(wanted)).id
    if "select" in kind or kind in ("radio_buttons", "checkboxes"):
        return option(options, wanted)
    if kind == "rich_text_input":
        return _rich(workspace, wanted)
    if kind == "file_input":
        return _file(workspace, element, str(wanted))
    shape = _SHAPES.get(kind)
    if shape and not re.fullmatch(shape, str(wanted)):
        raise ActionRefusedError(f"{wanted!r} is no value of a {kind}")
    return int(wanted) if kind == "datetimepicker" else wanted


# docs.slack.dev, date, time and datetime pickers.
_SHAPES = {
    "datepicker": r"\d{4}-\d\d-\d\d",
    "timepicker": r"([01]\d|2[0-3]):[0-5]\d",
    "datetimepicker": r"\d{10}",
}
_KINDS = {"channel": "public", "group": "private", "im": "im"}


def _conversation(workspace: Workspace, element: Json, wanted: str) -> Channel:
    channel = workspace.channel(wanted)
    conditions = element.get("filter", {})
    kinds = conditions.get("include", list(_KINDS.values()))
    if "channels_select" in str(element["type"]):
        kinds = ["public"]
    if _KINDS[channel.kind] not in kinds:
        raise ActionRefusedError(f"only {kinds} can be chosen, and {wanted} is none of them")
    if channel.shared and conditions.get("exclude_external_shared_channels"):
        raise ActionRefusedError(f"{wanted} is shared with others")
    return channel


def _rich(workspace: Workspace, wanted: str | Json) -> Json:
    """Return the rich text that Slack's editor makes of typed markup."""
    if not isinstance(wanted, str):
        return wanted
    block = rich_text(typed(wanted, workspace.names), "")[0]
    return {"type": "rich_text", "elements": block["elements"]}


def _file(workspace: Workspace, element: Json, wanted: str) -> Json:
    file = workspace.files.find(wanted)
    if file is None or file.filetype not in element.get("filetypes", [file.filetype]):
        raise ActionRefusedError(f"{wanted} is no file of the kinds that are asked for")
    return workspace.files.as_file(file)
