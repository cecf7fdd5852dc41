"""The action of a payload for the use of an element."""

from __future__ import annotations

from typing import Any

from sandbox.acts.elements import chosen, offered, option
from sandbox.errors import ActionRefusedError
from sandbox.model import Json
from sandbox.state import initial_key
from sandbox.workspace import Workspace

_BUTTONS = ("button", "icon_button", "workflow_button")


def is_silent(block: Json, element: Json) -> bool:
    """Return whether the app hears of an element only in a submission."""
    return element["type"] == "file_input" or (
        block["type"] == "input" and not block.get("dispatch_action")
    )


def act(
    workspace: Workspace,
    values: dict[str, dict[str, Json]],
    block: Json,
    element: Json,
    choice: Any,  # noqa: ANN401 - None for a button
    *,
    options: list[Json] | None = None,
) -> Json:
    """Use an element, store its state in `values`, and return the action of the payload.

    Raises:
        ActionRefusedError: Slack's client would not offer that.
    """
    kind = element["type"]
    action: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": workspace.clock.ts(),
    }
    if kind in _BUTTONS:
        return action | _pressed(element, choice)
    if kind == "feedback_buttons":
        return action | _felt(element, str(choice))
    if kind == "overflow":
        return action | {"selected_option": option(offered(element), choice)}
    state = chosen(workspace, element, choice, offered(element) if options is None else options)
    values.setdefault(block["block_id"], {})[element["action_id"]] = state
    # As in Bolt's types of actions: these fields of the element come back in the action.
    said = ("placeholder", "confirm", initial_key(kind))
    typed = state.keys() & {"value", "rich_text_value"}
    return action | ({} if typed else {key: element[key] for key in said if key in element}) | state


def _pressed(element: Json, choice: object) -> Json:
    if choice is not None:
        raise ActionRefusedError("nothing can be chosen in a button")
    if element["type"] == "workflow_button":
        raise ActionRefusedError("workflows run in Slack alone")
    keys = ("text", "value", "style", "url", "icon", "confirm")
    return {key: element[key] for key in keys if key in element}


def _felt(element: Json, choice: str) -> Json:
    for key in ("positive_button", "negative_button"):
        button = element[key]
        if choice in (key, button["value"], button["text"]["text"]):
            return {"text": button["text"], "value": button["value"]}
    raise ActionRefusedError(f"{choice!r} is neither of the feedback buttons")
