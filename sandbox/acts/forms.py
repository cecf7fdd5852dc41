"""Filling in and sending modals, and pressing what is in them or on the Home tab."""

from __future__ import annotations

from typing import Any

from sandbox.acts import shown
from sandbox.acts.answering import take_answer
from sandbox.acts.clicks import act
from sandbox.acts.elements import chosen, find_element, offered
from sandbox.acts.outcome import Watch
from sandbox.acts.validation import complaints
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.markup import unescape
from sandbox.model import Json
from sandbox.payloads import Payloads
from sandbox.view import View

_TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


class Forms:
    """What a person does in a view, named by its id."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._workspace = installation.workspace
        self._payloads = Payloads(installation)

    def view(self, view: str | None = None, user: str | None = None) -> Json | None:
        """Return a view by id, or the modal that a person has before them."""
        views = self._installation.views
        with self._workspace.lock:
            if view is not None:
                found = views.find(view) or views.closed.get(view)
            else:
                found = views.current(self._workspace.person(str(user)).id)
            return shown.view(self._workspace, found) if found else None

    def fill(self, view: str, values: dict[str, str | None]) -> None:
        """Type into text fields, each named by its label; None or "" empties one."""
        for label, text in values.items():
            self._put(view, label, text)

    def choose(self, view: str, label: str, choice: Any, near: str | None = None) -> Json | None:  # noqa: ANN401 - a label, several, or a date
        """Choose in a field or menu and return the view as it is after that."""
        return self._put(view, label, choice, near)

    def press(
        self, view: str, what: str, *, near: str | None = None, seconds: float = 1.0
    ) -> Json | None:
        """Press a button of a view and return the modal that the person has then."""
        with self._workspace.lock:
            found = self._open(view)
            block, element = find_element(self._workspace, found.blocks, what, near)
            action = act(self._workspace, found.values, block, element, None)
        return self._dispatch(found, action, seconds)

    def _put(self, view: str, label: str, choice: Any, near: str | None = None) -> Json | None:  # noqa: ANN401 - what a field takes
        workspace = self._workspace
        with workspace.lock:
            found = self._open(view)
            block, element = find_element(self._workspace, found.blocks, label, near)
            options = self._options_of(found, block, element, choice)
            if element["type"] in (*_TYPED, "rich_text_input"):
                state = chosen(workspace, element, choice or None, [])
                found.values.setdefault(block["block_id"], {})[element["action_id"]] = state
                action = state | {
                    "action_id": element["action_id"],
                    "block_id": block["block_id"],
                    "action_ts": workspace.clock.ts(),
                }
            else:
                action = act(workspace, found.values, block, element, choice, options=options)
            silent = block["type"] == "input" and not block.get("dispatch_action")
            found.errors.pop(block["block_id"], None)
        if silent:
            return self.view(view)
        return self._dispatch(found, action, 1.0)

    def _options_of(self, view: View, block: Json, element: Json, choice: Any) -> list[Json]:  # noqa: ANN401 - what a field takes
        if "external" not in element["type"] or choice is None:
            return offered(element)
        key = (block["block_id"], element["action_id"])
        if key not in view.offered:
            typed = choice if isinstance(choice, str) else str(choice[0])
            self._suggest(view, block, element, typed)
        return view.offered[key]

    def options(self, view: str, label: str, typed: str = "") -> list[str]:
        """Type into an external select and return the options that the app offers.

        Raises:
            ActionRefusedError: fewer characters than it wants, or the app offered none in time.
        """
        with self._workspace.lock:
            found = self._open(view)
            block, element = find_element(self._workspace, found.blocks, label)
        if len(typed) < element.get("min_query_length", 3):
            raise ActionRefusedError(f"{label} wants more than {typed!r}")
        every = self._suggest(found, block, element, typed)
        return [unescape(each["text"]["text"]) for each in every]

    def _suggest(self, view: View, block: Json, element: Json, typed: str) -> list[Json]:
        person = self._workspace.people[view.user]
        payload = self._payloads.base("block_suggestion", person) | {
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
            "container": {"type": "view", "view_id": view.id},
            "view": view.as_view(),
        }
        ack = self._installation.delivery.ask("interactive", "block_suggestion", payload)
        if not ack.ok or not isinstance(ack.body, dict):
            raise ActionRefusedError("the options could not be loaded")
        every = offered(ack.body)
        if len(every) > 100:  # noqa: PLR2004 - docs.slack.dev, block_suggestion payload
            raise ActionRefusedError("the app offered more than 100 options")
        view.offered[block["block_id"], element["action_id"]] = every
        return every

    def _dispatch(self, view: View, action: Json, seconds: float) -> Json | None:
        installation = self._installation
        with self._workspace.lock:
            person = self._workspace.people[view.user]
            within = view.id if view.kind == "modal" else None
            trigger = installation.permissions.trigger(person.id, within)
            payload = self._payloads.in_view(person, view, action, trigger)
        watch = Watch(installation, trigger, None, len(installation.calls))
        outcome = watch.outcome(
            installation.delivery.ask("interactive", "block_actions", payload), seconds
        )
        if outcome["error"]:
            raise ActionRefusedError(outcome["error"])
        return self.view(user=view.user) or self.view(view.id)

    def submit(self, view: str) -> dict[str, str]:
        """Send a modal; return what the person then reads beside fields, {} if it was taken.

        Under "" stands what Slack says when the app's answer is late or wrong.
        """
        installation, workspace = self._installation, self._workspace
        with workspace.lock:
            found = self._top(view)
            found.errors = complaints(found)
            if found.errors:
                return self._by_label(found)
            person = workspace.people[found.user]
            trigger = installation.permissions.trigger(person.id, found.id, sent=True)
            payload = self._payloads.base("view_submission", person, trigger)
            payload |= {"view": found.as_view(), "response_urls": []}
        ack = installation.delivery.ask("interactive", "view_submission", payload)
        with workspace.lock:
            trouble = take_answer(installation.views, found, ack)
        if trouble and ack.ok:
            installation.delivery.object(ack, trouble)
        return {"": trouble} if trouble else self._by_label(found)

    def close(self, view: str, *, everything: bool = False) -> None:
        """Close a modal, or all of the stack; the app hears of it where it asked to."""
        installation, workspace = self._installation, self._workspace
        with workspace.lock:
            found = self._top(view)
            everything = everything or bool(found.definition.get("clear_on_close"))
            gone = installation.views.clear(found.user) if everything else [found]
            for each in gone:
                installation.views.pop(each)
            person = workspace.people[found.user]
        for each in gone:
            if each.definition.get("notify_on_close"):
                payload = self._payloads.base("view_closed", person)
                payload |= {"view": each.as_view(), "is_cleared": everything}
                installation.delivery.ask("interactive", "view_closed", payload)

    def _open(self, view: str) -> View:
        found = self._installation.views.find(view)
        if found is None:
            raise ActionRefusedError("this view is closed")
        if found.kind == "modal":
            return self._top(view)
        return found

    def _top(self, view: str) -> View:
        found = self._installation.views.find(view)
        if found is None or self._installation.views.current(found.user) is not found:
            raise ActionRefusedError("this modal is closed or beneath another one")
        return found

    @staticmethod
    def _by_label(view: View) -> dict[str, str]:
        labels = {
            block["block_id"]: unescape(block["label"]["text"])
            for block in view.blocks
            if block["type"] == "input"
        }
        return {labels[block_id]: words for block_id, words in view.errors.items()}
