"""A modal or Home tab as its person uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.client import Client
from sandbox.model import Json
from sandbox.seen import Answer


@dataclass(frozen=True, slots=True)
class View:
    """A person's modal or Home tab. Each property and method reads its current state."""

    client: Client = field(repr=False, compare=False)
    id: str

    def _shown(self) -> Json:
        return dict(self.client.do("forms.view", view=self.id))

    @property
    def raw(self) -> Json:
        """Slack's view object."""
        return dict(self._shown()["raw"])

    @property
    def title(self) -> str:
        """The title; "" on a Home tab."""
        title = self.raw.get("title")
        return str(title["text"]) if title else ""

    @property
    def blocks(self) -> list[Json]:
        """The blocks."""
        return list(self.raw["blocks"])

    @property
    def values(self) -> dict[str, dict[str, Json]]:
        """The state as a submission would send it to the app."""
        return dict(self.raw["state"]["values"])

    @property
    def errors(self) -> dict[str, str]:
        """The errors beside fields after a refused submit, by block_id."""
        return dict(self._shown()["errors"])

    def texts(self) -> list[str]:
        """Return every text that the person sees, typed values included."""
        return list(self._shown()["words"])

    def words(self) -> str:
        """Return the texts, one per line."""
        return "\n".join(self.texts())

    def buttons(self) -> list[str]:
        """Return the labels of its buttons."""
        return list(self._shown()["buttons"])

    def fill(self, values: Mapping[str, str | None]) -> View:
        """Type into text fields, named by label, and return this view."""
        self.client.do("forms.fill", view=self.id, values=dict(values))
        return self

    def choose(
        self,
        label: str,
        choice: object,
        *,
        near: str | None = None,
    ) -> View:
        """Choose options (by label), people or channels in a field, and return this view."""
        args = {"view": self.id, "label": label, "near": near}
        self.client.click("forms.choose", None, **args, choice=plain(choice))
        return self

    def options(self, label: str, typed: str = "") -> list[str]:
        """Type into an external select and return the labels that the app offers."""
        return list(self.client.do("forms.options", view=self.id, label=label, typed=typed))

    def press(
        self, what: str, *, near: str | None = None, seconds: float | None = None
    ) -> View | None:
        """Press a button and return the modal or Home tab that the person sees afterwards."""
        args = {"view": self.id, "what": what, "near": near}
        shown = self.client.click("forms.press", seconds, **args)
        return None if shown is None else View(self.client, shown["raw"]["id"])

    def submit(self) -> dict[str, str]:
        """Submit the modal and return the errors beside its fields by label; {} if it was accepted.

        The key "" holds Slack's own message if the app's answer was late or invalid.
        """
        return dict(self.client.do("forms.submit", view=self.id))

    def close(self) -> None:
        """Close the modal."""
        self.client.do("forms.close", view=self.id)


@dataclass(frozen=True, slots=True)
class SlashAnswer(Answer):
    """The outcome of a slash command; `view` is the modal that it opened, if any."""

    view: View | None = None


def plain(choice: object) -> Any:  # noqa: ANN401 - JSON
    """Return people and channels as ids, alone or in a list; anything else unchanged."""
    if isinstance(choice, list | tuple):
        return [plain(part) for part in choice]
    return choice if choice is None or isinstance(choice, int) else str(choice)
