"""The checks of Slack's client before it submits a form."""

from __future__ import annotations

import re

from sandbox.model import Json
from sandbox.state import is_empty
from sandbox.view import View

_SHAPES = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Please enter a valid email address."),
    "url_text_input": (r"https?://\S+", "Please enter a valid URL."),
    "number_input": (r"-?\d+(\.\d+)?", "Please enter a valid number."),
}


def complaints(view: View) -> dict[str, str]:
    """Return the errors of the fields by block_id."""
    errors: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = view.values[block["block_id"]][element["action_id"]]
        words = _complaint(block, element, state)
        if words:
            errors[block["block_id"]] = words
    return errors


def _complaint(block: Json, element: Json, state: Json) -> str | None:
    if is_empty(state):
        return None if block.get("optional") else "Please complete this required field."
    value, kind = state.get("value"), element["type"]
    if not isinstance(value, str):
        return None
    shape, words = _SHAPES.get(kind, ("(?s:.*)", ""))
    if not re.fullmatch(shape, value):
        return words
    return _number(element, value) if kind == "number_input" else _length(element, value)


def _length(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Please use at least {element['min_length']} characters."
    if len(value) > element.get("max_length", len(value)):
        return f"Please use at most {element['max_length']} characters."
    return None


def _number(element: Json, value: str) -> str | None:
    if "." in value and not element["is_decimal_allowed"]:
        return "Please enter a valid number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return f"Please enter a number of at least {least}."
    if most is not None and float(value) > float(most):
        return f"Please enter a number of at most {most}."
    return None
