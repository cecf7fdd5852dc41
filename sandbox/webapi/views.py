"""views: modals and the Home tab."""

from __future__ import annotations

from sandbox.errors import SlackError
from sandbox.model import Json
from sandbox.webapi.method import Call, Method


def open_(call: Call) -> Json:
    """views.open."""
    _required(call, "trigger_id", "view")
    trigger = call.installation.permissions.exchange(call.args["trigger_id"])
    return {"view": call.installation.views.open(trigger, call.args["view"]).as_view()}


def push(call: Call) -> Json:
    """views.push."""
    _required(call, "trigger_id", "view")
    trigger = call.installation.permissions.exchange(call.args["trigger_id"])
    view = call.installation.views.push(trigger.user, call.args["view"], trigger)
    return {"view": view.as_view()}


def update(call: Call) -> Json:
    """views.update."""
    _required(call, "view")
    if not (call.text("view_id") or call.text("external_id")):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    view = call.installation.views.update(
        call.args["view"],
        view_id=call.text("view_id"),
        external_id=call.text("external_id"),
        hash_=call.text("hash"),
    )
    return {"view": view.as_view()}


def publish(call: Call) -> Json:
    """views.publish."""
    _required(call, "user_id", "view")
    if not call.workspace.manifest.home_tab:
        raise SlackError("not_enabled")
    user = call.text("user_id")
    person = call.workspace.people.get(user)
    if person is None or person.bot or person.deleted:
        raise SlackError("invalid_arguments", ["[ERROR] invalid user_id"])
    view = call.installation.views.publish(user, call.args["view"], call.text("hash"))
    return {"view": view.as_view()}


def _required(call: Call, *names: str) -> None:
    missing = [name for name in names if not call.args.get(name)]
    if missing:
        raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {missing[0]}"])


METHODS = {
    "views.open": Method(open_),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
