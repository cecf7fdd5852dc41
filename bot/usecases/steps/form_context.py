"""A form as it is shown, with the texts next to it and the links that its person can't see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.approval import Request
from bot.domain.entries import ChannelId, Entry
from bot.domain.form_drafts import OVERTAKEN, FormDraft
from bot.domain.kinds import Kind
from bot.domain.links import HIDDEN
from bot.domain.prefill import Mark, find_origin
from bot.domain.visibility import Reader
from bot.usecases.steps.visible_links import find_hidden_values
from storage.store import Transaction

_CAPTURED: Final = "What you were about to record. Copy anything new into the form:"
_SAYS_NOW: Final = "What it says now:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Text of another source, shown next to a form so that a person can copy from it."""

    heading: str
    kind: Kind
    values: Mapping[str, Any]


def list_references(draft: FormDraft, editing: Entry | None) -> tuple[Reference, ...]:
    """Return the texts next to a form: those that others saved, or that it captured elsewhere."""
    references = []
    overtaken, captured = draft.values.get(OVERTAKEN), draft.values.get("captured")
    if overtaken and editing is not None:
        in_force = {name: editing.content.values.get(name) for name in overtaken}
        references.append(Reference(heading=_SAYS_NOW, kind=editing.key.kind, values=in_force))
    if captured:
        references.append(
            Reference(heading=_CAPTURED, kind=Kind(captured["kind"]), values=captured["values"])
        )
    return tuple(references)


def find_hidden_in_form(
    tx: Transaction, reader: Reader, draft: FormDraft, editing: Entry | None
) -> frozenset[str]:
    """Return the keys in a form and its entry that lead to entries which the person can't see."""
    visible = tx.entries.visible_to(reader)
    in_force = (
        find_hidden_values(visible, draft.kind, editing.content.values) if editing else frozenset()
    )
    return find_hidden_values(visible, draft.kind, draft.values) | in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it is shown.

    `asked`: the changes that its author is asked to make; `requests`: how many were ever requested.
    `proposes`: the submitted text needs approval. `channel` and `thread_ts`: where the form was
    opened, and where its result is posted. `hidden`: values that link to entries which the person
    can't see.
    """

    draft: FormDraft
    values: Mapping[str, Any]
    duplicates: tuple[Entry, ...] = ()
    editing: Entry | None = None
    references: tuple[Reference, ...] = ()
    notice: str = ""
    asked: tuple[Request, ...] = ()
    requests: int | None = None
    proposes: bool = False
    channel: ChannelId | None = None
    thread_ts: str | None = None
    hidden: frozenset[str] = frozenset()

    def origin(self, name: str) -> tuple[Mark, ...]:
        """Return the marks of the messages that a field's text is from, the latest first.

        The owner is a person who answered, not a text.
        """
        if name == "owner":
            owner = self.values.get("owner")
            answers = [mark for mark in self.draft.filled if mark.answers and mark.author == owner]
            return tuple(answers[:1])
        return find_origin(self.draft.filled, name, self.values.get(name))

    def shown(self, value: Any) -> Any:  # noqa: ANN401 - the value of any field
        """Return a value as it reads in the form."""
        return HIDDEN if isinstance(value, str) and value in self.hidden else value
