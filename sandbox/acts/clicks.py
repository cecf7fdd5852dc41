"""Slash commands, shortcuts, buttons and menus in messages, and the Home tab."""

from __future__ import annotations

from typing import Any

from sandbox import markup
from sandbox.acts import shown
from sandbox.acts.elements import chosen, find_element, offered, option
from sandbox.acts.outcome import Watch
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.manifest import Shortcut
from sandbox.model import Channel, Json, Message, Person
from sandbox.payloads import Payloads
from sandbox.state import initial_values
from sandbox.view import View
from sandbox.workspace import Workspace


class Clicks:
    """What people do with the app outside of its modals."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._workspace = installation.workspace
        self._payloads = Payloads(installation)

    def slash(self, user: str, channel: str, line: str, *, seconds: float = 3.0) -> Json:
        """Enter a slash command and return what came of it within `seconds`.

        Raises:
            ActionRefusedError: the app declared no such command, or is not for this person.
        """
        workspace, permissions = self._workspace, self._installation.permissions
        with workspace.lock:
            person, found = self._reader(user, channel)
            name, _, rest = line.strip().partition(" ")
            command = workspace.manifest.commands.get(name)
            if command is None or not workspace.installed or person.foreign:
                raise ActionRefusedError(f"{name} is not a valid command")
            escape = command.should_escape
            text = markup.typed(rest, workspace.names) if escape else markup.escape(rest)
            trigger = permissions.trigger(person.id)
            url = permissions.response_url(person.id, found.id)
            payload = self._payloads.command(person, found, name, text.strip(), trigger, url)
        watch = Watch(self._installation, trigger, url, len(self._installation.calls))
        ack = self._installation.delivery.ask("slash_commands", name, payload)
        return watch.outcome(ack, seconds)

    def shortcut(
        self,
        user: str,
        name: str,
        channel: str | None = None,
        ts: str | None = None,
        *,
        seconds: float = 3.0,
    ) -> Json:
        """Take a shortcut of a message's menu, or a global one, and return what came of it.

        Raises:
            ActionRefusedError: the app declared no such shortcut.
        """
        workspace, permissions = self._workspace, self._installation.permissions
        with workspace.lock:
            kind = "global" if channel is None else "message"
            shortcut = self._shortcut(name, kind)
            trigger = permissions.trigger(workspace.person(user).id)
            url = None
            if channel is None:
                payload = self._payloads.base("shortcut", workspace.person(user), trigger)
            else:
                person, found = self._reader(user, channel)
                message = found.messages.get(ts or "")
                if message is None:
                    raise ActionRefusedError(f"there is no message {ts} in #{found.name}")
                url = permissions.response_url(person.id, found.id)
                payload = self._payloads.base("message_action", person, trigger) | {
                    "channel": self._payloads.place(found),
                    "message_ts": message.ts,
                    "message": found.full(message),
                    "response_url": self._payloads.address(url),
                }
            now = f"{workspace.clock.seconds():.6f}"
            payload |= {"callback_id": shortcut.callback_id, "action_ts": now}
        watch = Watch(self._installation, trigger, url, len(self._installation.calls))
        ack = self._installation.delivery.ask("interactive", str(payload["type"]), payload)
        return watch.outcome(ack, seconds)

    def _shortcut(self, name: str, kind: str) -> Shortcut:
        for each in self._workspace.manifest.shortcuts:
            if each.kind == kind and name in (each.name, each.callback_id):
                return each
        raise ActionRefusedError(f"the app has no {kind} shortcut {name!r}")

    def press(
        self,
        user: str,
        what: str,
        channel: str,
        ts: str,
        *,
        near: str | None = None,
        seconds: float = 1.0,
    ) -> Json:
        """Press a button in a message and return what came of it."""
        return self._act(user, what, channel, ts, near=near, seconds=seconds)

    def select(
        self,
        user: str,
        what: str,
        choice: Any,  # noqa: ANN401 - a label, several, or a date
        channel: str,
        ts: str,
        *,
        near: str | None = None,
        seconds: float = 1.0,
    ) -> Json:
        """Choose in a menu of a message and return what came of it."""
        return self._act(user, what, channel, ts, choice=choice, near=near, seconds=seconds)

    def _act(
        self,
        user: str,
        what: str,
        channel: str,
        ts: str,
        *,
        choice: Any = None,  # noqa: ANN401 - what a menu takes
        near: str | None,
        seconds: float,
    ) -> Json:
        workspace, permissions = self._workspace, self._installation.permissions
        with workspace.lock:
            person, found = self._reader(user, channel)
            message = self._shown_to(person, found, ts)
            block, element = find_element(workspace, message.blocks, what, near)
            values = message.values.setdefault(person.id, initial_values(message.blocks))
            action = act(workspace, values, block, element, choice)
            message.changed()
            trigger = permissions.trigger(person.id)
            url = permissions.response_url(person.id, found.id, message, message.thread_ts)
            payload = self._payloads.in_message(person, found, message, action, trigger, url)
        watch = Watch(self._installation, trigger, url, len(self._installation.calls))
        ack = self._installation.delivery.ask("interactive", "block_actions", payload)
        return watch.outcome(ack, seconds)

    def home(self, user: str, *, seconds: float = 1.0) -> Json | None:
        """Open the app's Home tab and return what it shows; None where the app showed nothing."""
        installation, workspace = self._installation, self._workspace
        with workspace.lock:
            person = workspace.person(user)
            direct = workspace.direct(person.id)
            known = installation.views.homes.get(person.id)
            event: Json = {"type": "app_home_opened", "user": person.id, "channel": direct.id}
            event |= {"tab": "home"} | ({"view": known.as_view()} if known else {})
        watch = Watch(installation, installation.permissions.trigger(person.id))
        watch.calls_before = len(installation.calls)
        with installation.delivery.waited():
            workspace.publish(event, None)
        watch.settle(seconds)
        with workspace.lock:
            found = installation.views.homes.get(person.id)
            return shown.view(workspace, found) if found else None

    def _reader(self, user: str, channel: str) -> tuple[Person, Channel]:
        person, found = self._workspace.person(user), self._workspace.channel(channel)
        if person.deleted or not self._workspace.sees(person.id, found):
            raise ActionRefusedError(f"{person.name} does not see #{found.name}")
        return person, found

    @staticmethod
    def _shown_to(person: Person, channel: Channel, ts: str) -> Message:
        for message in channel.ephemerals:
            if message.ts == ts and message.to == person.id:
                return message
        if ts not in channel.messages:
            raise ActionRefusedError(f"{person.name} sees no message {ts} in #{channel.name}")
        return channel.messages[ts]


def act(
    workspace: Workspace,
    values: dict[str, dict[str, Json]],
    block: Json,
    element: Json,
    choice: Any,  # noqa: ANN401 - None for a button
    *,
    options: list[Json] | None = None,
) -> Json:
    """Use an element, note its state in `values`, and return the action of the payload."""
    kind = element["type"]
    action: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": workspace.clock.ts(),
    }
    if kind == "button":
        if choice is not None:
            raise ActionRefusedError("nothing can be chosen in a button")
        action["text"] = element["text"]
        return action | ({"value": element["value"]} if "value" in element else {})
    if kind == "overflow":
        return action | {"selected_option": option(offered(element), str(choice))}
    state = chosen(workspace, element, choice, offered(element) if options is None else options)
    values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return action | state


def opened(installation: Installation, view_id: str | None) -> View | None:
    """Return a view by id, open or already closed."""
    if view_id is None:
        return None
    return installation.views.find(view_id) or installation.views.closed.get(view_id)
