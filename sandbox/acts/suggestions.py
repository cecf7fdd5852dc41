"""The options that an app returns while a person types into an external select."""

from __future__ import annotations

from sandbox.acts.elements import offered
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.model import Json, Person, Values
from sandbox.payloads import Payloads

# docs.slack.dev, block_suggestion payload.
MOST_OPTIONS = 100
# How many answers are remembered: a choice may arrive after the person has typed on.
_KEPT = 10 * MOST_OPTIONS


class Suggestions:
    """Asks the app for options, and remembers them for each select."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._payloads = Payloads(installation)
        self._offered: dict[tuple[str, ...], list[Json]] = {}

    def ask(self, person: Person, where: Json, block: Json, element: Json, typed: str) -> Json:
        """Return the app's answer: `options` or `option_groups`.

        `where` are the fields of the payload for the select's message or view.

        Raises:
            ActionRefusedError: fewer characters than required, or no answer of the app in time.
        """
        if len(typed) < element.get("min_query_length", 3):
            raise ActionRefusedError(f"{element['action_id']} wants more than {typed!r}")
        payload = self._payloads.base("block_suggestion", person) | where
        ids = {"action_id": element["action_id"], "block_id": block["block_id"]}
        ack = self._installation.delivery.ask(
            "interactive", "block_suggestion", payload | ids | {"value": typed}
        )
        if not ack.ok or not isinstance(ack.body, dict):
            raise ActionRefusedError("the options could not be loaded")
        options = offered(ack.body)
        if len(options) > MOST_OPTIONS:
            self._installation.delivery.object(ack, f"more than {MOST_OPTIONS} options")
            raise ActionRefusedError(f"the app offered more than {MOST_OPTIONS} options")
        key = _key(person, where, block, element)
        before = [each for each in self._offered.get(key, []) if each not in options]
        self._offered[key] = [*options, *before][:_KEPT]
        return ack.body

    def choices(  # noqa: PLR0917 - as `ask`, and what is chosen
        self,
        person: Person,
        where: Json,
        block: Json,
        element: Json,
        values: Values,
        choice: object,
    ) -> list[Json]:
        """Return the options that can be chosen: those offered before, and the chosen ones.

        If none were offered yet, ask the app with the text that the person chose.
        """
        if "external" not in element["type"] or choice is None:
            return offered(element)
        state = values.get(block["block_id"], {}).get(element["action_id"], {})
        now = [state.get("selected_option"), *state.get("selected_options", [])]
        key = _key(person, where, block, element)
        if key not in self._offered:
            text = choice[0] if isinstance(choice, list) and choice else choice
            if isinstance(text, str):
                self.ask(person, where, block, element, text)
        return [*self._offered.get(key, []), *(each for each in now if each)]


def _key(person: Person, where: Json, block: Json, element: Json) -> tuple[str, ...]:
    container = where["container"]
    place = container.get("view_id") or container["message_ts"]
    return person.id, place, block["block_id"], element["action_id"]
