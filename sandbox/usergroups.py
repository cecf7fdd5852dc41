"""Acts on user groups, which mention several people at once, as @oncall."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.errors import ActionRefusedError
from sandbox.model import Json, Usergroup
from sandbox.workspace import Workspace


def create(workspace: Workspace, name: str, handle: str, users: Sequence[str]) -> Usergroup:
    """Create a group and send its event.

    Raises:
        ActionRefusedError: the handle is taken, by a group or a person.
    """
    if find(workspace, handle) or workspace.find_user(handle):
        raise ActionRefusedError(f"@{handle} is already taken")
    now = int(workspace.clock.seconds())
    creator = users[0] if users else ""
    new = workspace.new_id("S", handle)
    group = Usergroup(new, workspace.team_id, name, handle, creator, now, now, list(users))
    workspace.usergroups[group.id] = group
    workspace.publish({"type": "subteam_created", "subteam": group.as_usergroup()}, None)
    return group


def set_members(workspace: Workspace, group: Usergroup, users: Sequence[str]) -> None:
    """Set a group's members, and send the event with added and removed ones."""
    before, now = group.users, int(workspace.clock.seconds())
    added = [user for user in users if user not in before]
    removed = [user for user in before if user not in users]
    event: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": group.team,
        "date_previous_update": group.updated,
        "date_update": now,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
    }
    group.users, group.updated = list(users), now
    workspace.publish(event, None)
    _tell(workspace, group)


def disable(workspace: Workspace, group: Usergroup) -> None:
    """Disable a group; its id stays valid."""
    group.disabled = group.updated = int(workspace.clock.seconds())
    _tell(workspace, group)


def find(workspace: Workspace, handle: str) -> Usergroup | None:
    """Return the enabled group with this id or handle."""
    for group in workspace.usergroups.values():
        if handle in (group.id, group.handle) and not group.disabled:
            return group
    return None


def _tell(workspace: Workspace, group: Usergroup) -> None:
    workspace.publish({"type": "subteam_updated", "subteam": group.as_usergroup()}, None)
