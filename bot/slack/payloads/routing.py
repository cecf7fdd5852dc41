"""The fields by which Bolt finds a listener: it stumbles over one of another type than Slack's."""

from collections.abc import Mapping
from typing import Any, Final

from bot.slack.payloads.fields import MalformedError, mapping, needed, optional

_TEXTS: Final = ("type", "command", "callback_id", "action_id")


def require_routable(body: Mapping[str, Any]) -> None:
    """Check the fields that Bolt reads of a payload before any listener of ours does.

    Raises:
        MalformedError: one is of another type; its words name the field and not what is in it.
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
            raise MalformedError("actions is not a list of any.")
        needed(mapping(actions[0]), "action_id")


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if body[name] is None:
        raise MalformedError(f"{name} is not an object.")
    return mapping(body, name)
