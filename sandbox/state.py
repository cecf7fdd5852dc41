"""The elements of blocks and their state."""

from __future__ import annotations

from typing import Any

from sandbox.model import Json, Values
from sandbox.workspace import Workspace

# By element type: the key of its value, the key of its initial value, and the empty value
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


def initial_key(kind: str) -> str:
    """Return the key of an element's initial value in the block."""
    return _FIELDS[kind][1]


def value_key(kind: str) -> str | None:
    """Return the key of an element's value in its state; None for buttons."""
    return _FIELDS[kind][0] if kind in _FIELDS else None


# The fields of blocks that contain other blocks with ids.
_INNER = {"container": "child_blocks", "carousel": "elements"}
# The fields of blocks that contain several elements.
_ELEMENTS = {"actions": "elements", "context_actions": "elements", "card": "actions"}


def every_block(blocks: list[Json]) -> list[Json]:
    """Return the blocks in reading order, including nested ones."""
    nested: list[Json] = []
    for block in blocks:
        nested += [block, *every_block(block.get(_INNER.get(block["type"], ""), []))]
    return nested


def elements_of(block: Json) -> list[Json]:
    """Return a block's interactive elements, without those of nested blocks."""
    several = _ELEMENTS.get(block["type"])
    if several:
        elements = list(block.get(several, []))
    elif block["type"] == "input":
        elements = [block["element"]]
    else:
        elements = [block["accessory"]] if isinstance(block.get("accessory"), dict) else []
    return [each for each in elements if each["type"] != "image"]


def name_parts(blocks: list[Json], workspace: Workspace) -> None:
    """Give an id to every block and element without one, as Slack does."""
    for block in every_block(blocks):
        block.setdefault("block_id", workspace.number()[:5])
        for element in elements_of(block):
            element.setdefault("action_id", workspace.number()[:5])


def initial_values(blocks: list[Json], channel: str | None = None) -> Values:
    """Return the initial state of blocks: the app's initial values, or null.

    `channel` is the person's channel, for selects that default to the current conversation.
    """
    values: Values = {}
    for block in every_block(blocks):
        for element in elements_of(block):
            if element["type"] in _FIELDS:
                state = _initial(element, channel)
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def _initial(element: Json, channel: str | None) -> Json:
    _, initial, empty = _FIELDS[element["type"]]
    value = element.get(initial, empty)
    if channel and element.get("default_to_current_conversation") and initial not in element:
        value = channel if empty is None else [channel]
    return state_of(element, value)


def state_of(element: Json, value: Any) -> Json:  # noqa: ANN401 - an option, an id, a date, a text
    """Return the state of an element with a value."""
    state = {"type": element["type"], _FIELDS[element["type"]][0]: value}
    # docs.slack.dev, time picker: the state has the time zone too.
    return state | ({"timezone": element["timezone"]} if "timezone" in element else {})


def is_empty(state: Json) -> bool:
    """Return whether a field is empty."""
    value = state[_FIELDS[state["type"]][0]]
    return value in (None, "", []) or (isinstance(value, dict) and value.get("elements") == [])
