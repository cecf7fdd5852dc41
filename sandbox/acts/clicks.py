"""Slash commands, shortcuts, buttons and menus in messages, and the Home tab."""

from __future__ import annotations

from typing import Any

from sandbox import markup, presentation
from sandbox.acts.actions import act, is_silent
from sandbox.acts.elements import find_element
from sandbox.acts.outcome import Watch
from sandbox.acts.suggestions import Suggestions
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.manifest import Shortcut
from sandbox.model import Channel, Json, Message, Person
from sandbox.payloads import Payloads
from sandbox.state import initial_values


class Clicks:
    """Acts of people on the app outside of its modals."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._workspace = installation.workspace
        self._payloads = Payloads(installation)
        self._suggestions = Suggestions(installation)

    def slash(self, user: str, channel: str, line: str, *, seconds: float = 3.0) -> Json:
        """Enter a slash command and return its outcome within `seconds`.

        Raises:
            ActionRefusedError: there is no such command, or this person can't use it.
        """
        workspace, permissions = self._workspace, self._installation.permissions
        with workspace.lock:
            person, place = self._reader(user, channel)
            name, _, rest = line.strip().partition(" ")
            command = workspace.manifest.commands.get(name)
            if command is None or not workspace.installed or person.foreign:
                raise ActionRefusedError(f"{name} is not a valid command")
            escape = command.should_escape
            text = markup.typed(rest, workspace.names) if escape else markup.escape(rest)
            trigger = permissions.trigger(person.id, channel=place.id)
            url = permissions.response_url(person.id, place.id)
            payload = self._payloads.command(person, place, name, text.strip(), trigger, url)
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
        """Use a message shortcut or a global one, and return its outcome.

        Raises:
            ActionRefusedError: there is no such shortcut.
        """
        workspace, permissions = self._workspace, self._installation.permissions
        with workspace.lock:
            kind = "global" if channel is None else "message"
            shortcut = self._shortcut(name, kind)
            trigger = permissions.trigger(workspace.person(user).id, channel=channel)
            url = None
            if channel is None:
                payload = self._payloads.base("shortcut", workspace.person(user), trigger)
            else:
                person, place = self._reader(user, channel)
                message = place.messages.get(ts or "")
                if message is None:
                    raise ActionRefusedError(f"there is no message {ts} in #{place.name}")
                url = permissions.response_url(person.id, place.id)
                payload = self._payloads.base("message_action", person, trigger) | {
                    "channel": self._payloads.place(place),
                    "message_ts": message.ts,
                    "message": place.full(message),
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
        """Press a button in a message and return its outcome."""
        return self.select(user, what, None, channel, ts, near=near, seconds=seconds)

    def select(
        self,
        user: str,
        what: str,
        choice: Any,  # noqa: ANN401 - a label or option, several, a date, or what was typed
        channel: str,
        ts: str,
        *,
        near: str | None = None,
        quiet: bool = False,
        seconds: float = 1.0,
    ) -> Json:
        """Choose in a menu of a message and return its outcome.

        `values` are the message's values for this person, and `change` is the number of their last
        change. With `quiet` the app gets no event: the text was typed but not entered.
        """
        workspace = self._workspace
        person, place, message = self._at(user, channel, ts)
        with workspace.lock:
            block, element = find_element(
                workspace, message.every_block, what, near, earlier=message.earlier
            )
            values = message.values.setdefault(person.id, initial_values(message.every_block))
            where = self._payloads.where_in_message(place, message, block)
        options = self._suggestions.choices(person, where, block, element, values, choice)
        with workspace.lock:
            choice = None if choice == "" else choice
            action = act(workspace, values, block, element, choice, options=options)
            message.changed()
        if quiet or is_silent(block, element):
            outcome: Json = {"error": None, "view": None, "answers": []}
        else:
            outcome = self._dispatch(person, place, message, action, seconds)
        # In this order: the values may be newer than the change, but never older.
        change = message.change
        return outcome | {"change": change, "values": message.values.get(person.id, {})}

    def _dispatch(
        self, person: Person, channel: Channel, message: Message, action: Json, seconds: float
    ) -> Json:
        permissions = self._installation.permissions
        with self._workspace.lock:
            trigger = permissions.trigger(person.id, channel=channel.id)
            url = permissions.response_url(person.id, channel.id, message, message.thread_ts)
            payload = self._payloads.in_message(person, channel, message, action, trigger, url)
        watch = Watch(self._installation, trigger, url, len(self._installation.calls))
        ack = self._installation.delivery.ask("interactive", "block_actions", payload)
        return watch.outcome(ack, seconds)

    def suggest(self, user: str, what: str, channel: str, ts: str, typed: str = "") -> Json:
        """Type into an external select and return the `options` or `option_groups` offered.

        Raises:
            ActionRefusedError: fewer characters than required, or no answer of the app in time.
        """
        person, place, message = self._at(user, channel, ts)
        with self._workspace.lock:
            block, element = find_element(self._workspace, message.every_block, what)
            where = self._payloads.where_in_message(place, message, block)
        return self._suggestions.ask(person, where, block, element, typed)

    def home(self, user: str, *, seconds: float = 1.0) -> Json | None:
        """Open the app's Home tab and return its view; None if the app has published none."""
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
            view = installation.views.homes.get(person.id)
            return presentation.view(workspace, view) if view else None

    def _reader(self, user: str, channel: str) -> tuple[Person, Channel]:
        person, place = self._workspace.person(user), self._workspace.channel(channel)
        if person.deleted or not self._workspace.sees(person.id, place):
            raise ActionRefusedError(f"{person.name} can't see #{place.name}")
        return person, place

    def _at(self, user: str, channel: str, ts: str) -> tuple[Person, Channel, Message]:
        with self._workspace.lock:
            person, place = self._reader(user, channel)
            for message in place.ephemerals:
                if message.ts == ts and message.to == person.id:
                    return person, place, message
            if ts not in place.messages:
                raise ActionRefusedError(f"{person.name} sees no message {ts} in #{place.name}")
            return person, place, place.messages[ts]
