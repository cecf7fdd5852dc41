"""The app's answer to a submitted modal."""

from __future__ import annotations

from typing import Any

from sandbox.errors import SlackError
from sandbox.transports import Ack
from sandbox.view import View
from sandbox.views import Views

TROUBLE = "We had some trouble connecting. Try again?"


def take_answer(views: Views, view: View, ack: Ack) -> str | None:
    """Close, replace or keep a modal as the app answered; return Slack's error for a bad answer.

    The modal stays open after a late answer, an unreadable one, and one with errors for a block
    that isn't an input.
    """
    if not ack.ok:
        return TROUBLE
    body = ack.body or {}
    if not isinstance(body, dict):
        return TROUBLE
    action = body.get("response_action")
    if action is None and not body:
        views.pop(view)
        return None
    try:
        return _do(views, view, str(action), body)
    except SlackError as error:
        return f"{TROUBLE} ({error})"


def _do(views: Views, view: View, action: str, body: dict[str, Any]) -> str | None:
    if action == "clear":
        views.clear(view.user)
    elif action == "update":
        views.update(body.get("view") or {}, view_id=view.id)
    elif action == "push":
        views.push(view.user, body.get("view") or {})
    elif action == "errors":
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        errors = body.get("errors")
        if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
            return f"{TROUBLE} (errors must be keyed by the block_id of an input)"
        view.errors = {block_id: str(words) for block_id, words in errors.items()}
    else:
        return f"{TROUBLE} (unknown response_action: {action})"
    return None
