"""The elements of blocks, and the state that Slack keeps of each."""

from __future__ import annotations

from typing import Any

from sandbox.model import Json, Values
from sandbox.workspace import Workspace

# Element type to the key of its value, the key of what it starts with, and the value when empty
# (docs.slack.dev, block elements, and the state object of interaction payloads).
_FIELDS: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "file_input": ("files", "initial_files", []),
}


def value_key(kind: str) -> str | None:
    """Return the key under which an element's state holds its value; None for buttons."""
    return _FIELDS[kind][0] if kind in _FIELDS else None


def elements_of(block: Json) -> list[Json]:
    """Return the interactive elements of a block."""
    found: list[Json] = []
    if block["type"] == "actions":
        found = list(block["elements"])
    elif block["type"] == "input":
        found = [block["element"]]
    elif isinstance(block.get("accessory"), dict):
        found = [block["accessory"]]
    return [each for each in found if each["type"] != "image"]


def name_parts(blocks: list[Json], workspace: Workspace) -> None:
    """Give every block and element without an id one, as Slack does."""
    for block in blocks:
        block.setdefault("block_id", workspace.number()[:5])
        for element in elements_of(block):
            element.setdefault("action_id", workspace.number()[:5])


def initial_values(blocks: list[Json]) -> Values:
    """Return the state of blocks that nobody has touched: null, or what the app put in."""
    values: Values = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in _FIELDS:
                continue
            key, initial, empty = _FIELDS[element["type"]]
            state = {"type": element["type"], key: element.get(initial, empty)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def is_empty(state: Json) -> bool:
    """Tell whether a field holds nothing."""
    return state[_FIELDS[state["type"]][0]] in (None, "", [])
