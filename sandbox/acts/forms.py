"""Filling in and submitting modals, and using elements in them and on the Home tab."""

from __future__ import annotations

from typing import Any

from sandbox import presentation
from sandbox.acts.actions import act, is_silent
from sandbox.acts.elements import find_element, offered
from sandbox.acts.outcome import Watch
from sandbox.acts.submission import take_answer
from sandbox.acts.suggestions import Suggestions
from sandbox.acts.validation import complaints
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.markup import unescape
from sandbox.model import Json
from sandbox.payloads import Payloads
from sandbox.view import View


class Forms:
    """Acts of a person in a view."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._workspace = installation.workspace
        self._payloads = Payloads(installation)
        self._suggestions = Suggestions(installation)

    def view(self, view: str | None = None, user: str | None = None) -> Json | None:
        """Return a view by id, or a person's open modal."""
        views = self._installation.views
        with self._workspace.lock:
            if view is not None:
                match = views.find(view) or views.closed.get(view)
            else:
                match = views.current(self._workspace.person(str(user)).id)
            return presentation.view(self._workspace, match) if match else None

    def fill(self, view: str, values: dict[str, str | None]) -> None:
        """Type into text fields, by label; None or "" clears a field."""
        for label, text in values.items():
            self.choose(view, label, text)

    def choose(
        self,
        view: str,
        label: str,
        choice: Any,  # noqa: ANN401 - a label or option, several, a date, or what was typed
        near: str | None = None,
        *,
        quiet: bool = False,
        seconds: float = 1.0,
    ) -> Json | None:
        """Choose in a field or menu and return the view afterwards.

        With `quiet` the app gets no event: the text was typed but not entered.
        """
        workspace = self._workspace
        with workspace.lock:
            form = self._open(view)
            person = workspace.people[form.user]
            block, element = find_element(workspace, form.blocks, label, near, earlier=form.earlier)
            where = self._payloads.where_in_view(form)
        options = self._suggestions.choices(person, where, block, element, form.values, choice)
        with workspace.lock:
            # The value of an emptied text field is null.
            choice = None if choice == "" else choice
            action = act(workspace, form.values, block, element, choice, options=options)
            form.changed()
            form.errors.pop(block["block_id"], None)
        if quiet or is_silent(block, element):
            return self.view(view)
        return self._dispatch(form, action, seconds)

    def press(
        self, view: str, what: str, *, near: str | None = None, seconds: float = 1.0
    ) -> Json | None:
        """Press a button of a view and return the person's open modal afterwards."""
        with self._workspace.lock:
            form = self._open(view)
            block, element = find_element(
                self._workspace, form.blocks, what, near, earlier=form.earlier
            )
            action = act(self._workspace, form.values, block, element, None)
        return self._dispatch(form, action, seconds)

    def options(self, view: str, label: str, typed: str = "") -> list[str]:
        """Type into an external select and return the labels of the app's options."""
        options = offered(self.suggest(view, label, typed))
        return [unescape(each["text"]["text"]) for each in options]

    def suggest(self, view: str, label: str, typed: str = "") -> Json:
        """Type into an external select and return the `options` or `option_groups` offered.

        Raises:
            ActionRefusedError: fewer characters than required, or no answer of the app in time.
        """
        with self._workspace.lock:
            form = self._open(view)
            person = self._workspace.people[form.user]
            block, element = find_element(self._workspace, form.blocks, label)
            where = self._payloads.where_in_view(form)
        return self._suggestions.ask(person, where, block, element, typed)

    def _dispatch(self, view: View, action: Json, seconds: float) -> Json | None:
        installation = self._installation
        with self._workspace.lock:
            person = self._workspace.people[view.user]
            within = view.id if view.kind == "modal" else None
            trigger = installation.permissions.trigger(person.id, within, channel=view.channel)
            payload = self._payloads.in_view(person, view, action, trigger)
        watch = Watch(installation, trigger, None, len(installation.calls))
        outcome = watch.outcome(
            installation.delivery.ask("interactive", "block_actions", payload), seconds
        )
        if outcome["error"]:
            raise ActionRefusedError(outcome["error"])
        return self.view(user=view.user) or self.view(view.id)

    def submit(self, view: str) -> dict[str, str]:
        """Submit a modal and return the errors beside its fields; {} if it was accepted.

        The key "" has Slack's message if the app's answer was late or invalid.
        """
        installation, workspace = self._installation, self._workspace
        with workspace.lock:
            form = self._top(view)
            form.errors = complaints(form)
            if form.errors:
                return self._by_label(form)
            person = workspace.people[form.user]
            trigger = installation.permissions.trigger(
                person.id, form.id, sent=True, channel=form.channel
            )
            payload = self._payloads.submission(person, form, trigger)
        ack = installation.delivery.ask("interactive", "view_submission", payload)
        with workspace.lock:
            trouble = take_answer(installation.views, form, ack)
        if trouble and ack.ok:
            installation.delivery.object(ack, trouble)
        return {"": trouble} if trouble else self._by_label(form)

    def close(self, view: str, *, everything: bool = False) -> None:
        """Close a modal or the whole stack; the app gets view_closed if it asked for it."""
        installation, workspace = self._installation, self._workspace
        with workspace.lock:
            form = self._top(view)
            everything = everything or bool(form.definition.get("clear_on_close"))
            gone = installation.views.clear(form.user) if everything else [form]
            for each in gone:
                installation.views.pop(each)
            person = workspace.people[form.user]
        for each in gone:
            if each.definition.get("notify_on_close"):
                payload = self._payloads.base("view_closed", person)
                payload |= {"view": each.as_view(), "is_cleared": everything}
                installation.delivery.ask("interactive", "view_closed", payload)

    def _open(self, view: str) -> View:
        match = self._installation.views.find(view)
        if match is None:
            raise ActionRefusedError("this view is closed")
        if match.kind == "modal":
            return self._top(view)
        return match

    def _top(self, view: str) -> View:
        match = self._installation.views.find(view)
        if match is None or self._installation.views.current(match.user) is not match:
            raise ActionRefusedError("this modal is closed or beneath another one")
        return match

    @staticmethod
    def _by_label(view: View) -> dict[str, str]:
        labels = {
            block["block_id"]: unescape(block["label"]["text"])
            for block in view.blocks
            if block["type"] == "input"
        }
        return {labels[block_id]: words for block_id, words in view.errors.items()}
