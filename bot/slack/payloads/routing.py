"""A check of the fields by which Bolt finds a listener, because a wrong type makes Bolt fail."""

from collections.abc import Mapping
from typing import Any, Final

from bot.slack.payloads.fields import MalformedError, mapping, needed, optional

_TEXTS: Final = ("type", "command", "callback_id", "action_id")


def require_routable(body: Mapping[str, Any]) -> None:
    """Check the fields of a payload that Bolt reads before any listener.

    Raises:
        MalformedError: one has a wrong type. The message names the field, not its value.
    """
    for name in _TEXTS:
        optional(body, name)
    kind = optional(body, "type")
    if kind == "event_callback" and "event" in body:
        optional(_object(body, "event"), "type")
    elif kind in ("view_submission", "view_closed") and "view" in body:
        view = _object(body, "view")
        needed(view, "type")
        optional(view, "callback_id")
    elif kind == "block_actions" and "actions" in body:
        actions = body["actions"]
        if not isinstance(actions, list) or not actions:
            raise MalformedError("actions isn't a list of actions.")
        needed(mapping(actions[0]), "action_id")


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if body[name] is None:
        raise MalformedError(f"{name} isn't an object.")
    return mapping(body, name)
