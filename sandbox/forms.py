"""A modal or Home tab in the hands of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.model import Json
from sandbox.seen import Answer

if TYPE_CHECKING:
    from sandbox.driver import Driver


@dataclass(frozen=True, slots=True)
class View:
    """A modal or Home tab before a person; it shows what it holds at the moment of asking."""

    driver: Driver = field(repr=False, compare=False)
    id: str

    def _found(self) -> Json:
        return dict(self.driver.do("forms.view", view=self.id))

    @property
    def raw(self) -> Json:
        """Slack's view object."""
        return dict(self._found()["raw"])

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
        """The state as the app would get it."""
        return dict(self.raw["state"]["values"])

    @property
    def errors(self) -> dict[str, str]:
        """What stands beside fields after a refused submit, by block_id."""
        return dict(self._found()["errors"])

    def texts(self) -> list[str]:
        """Return every text that the person reads, typed values included."""
        return list(self._found()["words"])

    def words(self) -> str:
        """Return the texts, a line each."""
        return "\n".join(self.texts())

    def buttons(self) -> list[str]:
        """Return the labels of its buttons."""
        return list(self._found()["buttons"])

    def fill(self, values: Mapping[str, str | None]) -> View:
        """Type into text fields, named by label, and return this view."""
        self.driver.do("forms.fill", view=self.id, values=dict(values))
        return self

    def choose(
        self,
        label: str,
        choice: object,
        *,
        near: str | None = None,
    ) -> View:
        """Choose options by label, people or channels in a field; return this view."""
        args = {"view": self.id, "label": label, "near": near}
        self.driver.click("forms.choose", None, **args, choice=plain(choice))
        return self

    def options(self, label: str, typed: str = "") -> list[str]:
        """Type into an external select and return the labels that the app offers."""
        return list(self.driver.do("forms.options", view=self.id, label=label, typed=typed))

    def press(
        self, what: str, *, near: str | None = None, seconds: float | None = None
    ) -> View | None:
        """Press a button; return the modal that the person has then, or the Home tab."""
        args = {"view": self.id, "what": what, "near": near}
        found = self.driver.click("forms.press", seconds, **args)
        return None if found is None else View(self.driver, found["raw"]["id"])

    def submit(self) -> dict[str, str]:
        """Send the modal; return what is then said beside fields, by label: {} when it was taken.

        Under "" stands Slack's own word that the app's answer was late or wrong.
        """
        return dict(self.driver.do("forms.submit", view=self.id))

    def close(self) -> None:
        """Close the modal."""
        self.driver.do("forms.close", view=self.id)


@dataclass(frozen=True, slots=True)
class SlashAnswer(Answer):
    """What a slash command answered; `view` is the modal that it opened, if it did."""

    view: View | None = None


def plain(choice: object) -> Any:  # noqa: ANN401 - JSON
    """Return people and channels as their ids, alone or in a list; anything else as it is."""
    if isinstance(choice, list | tuple):
        return [plain(each) for each in choice]
    return choice if choice is None or isinstance(choice, int) else str(choice)
