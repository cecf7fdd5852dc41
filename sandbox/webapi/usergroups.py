"""usergroups: the user groups of the workspace and their members."""

from __future__ import annotations

from sandbox.errors import SlackError
from sandbox.model import Json
from sandbox.webapi.method import Call, Method


def list_(call: Call) -> Json:
    """usergroups.list."""
    disabled = call.flag("include_disabled")
    groups = [each for each in call.workspace.usergroups.values() if disabled or not each.disabled]
    return {"usergroups": [each.as_usergroup(users=call.flag("include_users")) for each in groups]}


def users_list(call: Call) -> Json:
    """usergroups.users.list."""
    group = call.workspace.usergroups.get(call.required("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


METHODS = {
    "usergroups.list": Method(list_, ("usergroups:read",)),
    "usergroups.users.list": Method(users_list, ("usergroups:read",)),
}
