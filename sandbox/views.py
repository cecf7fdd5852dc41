"""Modals and Home tabs: each person's stack, and the values that updates keep."""

from __future__ import annotations

import copy

from sandbox.blockkit import check_view
from sandbox.errors import SlackError
from sandbox.model import Json, Values
from sandbox.permissions import Trigger
from sandbox.state import initial_values, name_parts
from sandbox.view import View
from sandbox.workspace import Workspace

# docs.slack.dev, modals: a stack of three.
MOST_VIEWS = 3


class Views:
    """All open modals and every person's Home tab."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        # Closed modals, for a driver that still refers to one.
        self.closed: dict[str, View] = {}

    def current(self, user: str) -> View | None:
        """Return the modal on top of a person's stack."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def find(self, view_id: str) -> View | None:
        """Return an open view by its id."""
        views = [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]
        return next((view for view in views if view.id == view_id), None)

    def open(self, trigger: Trigger, definition: Json) -> View:
        """Open a modal, which replaces any open modals.

        With the trigger of a submission, Slack answers as if it were open, but people never see
        it: the answer to the submission closes it (slackapi/bolt-js issues 639 and 1072).
        """
        self._check(definition, "modal")
        if trigger.sent:
            unseen = self._new(trigger.user, definition, trigger.channel)
            self.closed[unseen.id] = unseen
            return unseen
        for view in self.stacks.pop(trigger.user, []):
            self.closed[view.id] = view
        return self._put(trigger.user, definition, trigger)

    def push(self, user: str, definition: Json, trigger: Trigger | None = None) -> View:
        """Push a modal onto the open one.

        Raises:
            SlackError: `push_limit_reached` beyond three, `not_in_modal` without an open one.
        """
        self._check(definition, "modal")
        stack = self.stacks.get(user, [])
        if not stack:
            raise SlackError("invalid_trigger_id")
        if len(stack) >= MOST_VIEWS:
            raise SlackError("push_limit_reached")
        return self._put(user, definition, trigger)

    def update(
        self, definition: Json, *, view_id: str = "", external_id: str = "", hash_: str = ""
    ) -> View:
        """Update an open modal. Values stay if their block_id and action_id stay.

        Raises:
            SlackError: `not_found`, `hash_conflict`, or a fault of the view.
        """
        self._check(definition, "modal", own=external_id or view_id)
        view = self.find(view_id) if view_id else self._external(external_id)
        if view is None or view.kind != "modal":
            raise SlackError("not_found")
        if hash_ and hash_ != view.hash:
            raise SlackError("hash_conflict")
        self._renew(view, definition)
        return view

    def publish(self, user: str, definition: Json, hash_: str = "") -> View:
        """Set a person's Home tab.

        Raises:
            SlackError: `hash_conflict`, or a fault of the view.
        """
        self._check(definition, "home")
        view = self.homes.get(user)
        if view is not None and hash_ and hash_ != view.hash:
            raise SlackError("hash_conflict")
        if view is None:
            view = self.homes[user] = self._new(user, definition)
        else:
            self._renew(view, definition)
        return view

    def pop(self, view: View) -> None:
        """Close one modal; the one beneath shows again."""
        stack = self.stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)
            self.closed[view.id] = view

    def clear(self, user: str) -> list[View]:
        """Close all of a person's modals and return them, topmost first."""
        gone = self.stacks.pop(user, [])[::-1]
        self.closed |= {view.id: view for view in gone}
        return gone

    def _check(self, definition: object, surface: str, own: str = "") -> None:
        if not isinstance(definition, dict):
            raise SlackError("invalid_arguments", ["must provide an object [json-pointer:/view]"])
        check_view(definition, "home" if surface == "home" else "modal")
        if faults := list(
            self._workspace.files.against_images(definition["blocks"], "/view/blocks")
        ):
            raise SlackError("invalid_arguments", faults)
        external = definition.get("external_id")
        taken = self._external(external) if external else None
        if taken is not None and own not in (taken.id, external):
            raise SlackError("duplicate_external_id")

    def _external(self, external_id: str) -> View | None:
        views = [view for stack in self.stacks.values() for view in stack]
        return next((v for v in views if v.definition.get("external_id") == external_id), None)

    def _put(self, user: str, definition: Json, trigger: Trigger | None) -> View:
        stack = self.stacks.setdefault(user, [])
        spots = [stack[-1].channel] if stack else [trigger.channel] if trigger else []
        view = self._new(user, definition, *spots)
        if stack:
            view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        if trigger is not None:
            trigger.opened = view.id
        return view

    def _new(self, user: str, definition: Json, channel: str | None = None) -> View:
        workspace = self._workspace
        named = self._named(definition)
        return View(
            id=workspace.new_id("V"),
            user=user,
            team=workspace.team_id,
            app_id=workspace.app_id,
            bot_id=workspace.bot.bot_id,
            definition=named,
            hash=self._hash(),
            values=initial_values(named["blocks"], channel),
            channel=channel,
        )

    def _renew(self, view: View, definition: Json) -> None:
        before, view.earlier = view.values, view.blocks
        view.definition = self._named(definition)
        view.hash = self._hash()
        view.values = _kept(before, initial_values(view.blocks, view.channel))
        view.changed()
        view.errors = {}

    def _hash(self) -> str:
        return f"{int(self._workspace.clock.seconds())}.{self._workspace.number()[:8]}"

    def _named(self, definition: Json) -> Json:
        named = copy.deepcopy(definition)
        name_parts(named["blocks"], self._workspace)
        return named


def _kept(before: Values, fresh: Values) -> Values:
    for block_id, actions in fresh.items():
        for action_id, value in actions.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == value["type"]:
                actions[action_id] = old
    return fresh
