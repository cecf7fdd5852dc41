"""What stands beside a form, and what of both its person may not see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.approval import Request
from bot.domain.entries import ChannelId, Entry
from bot.domain.form_drafts import OVERTAKEN, FormDraft
from bot.domain.kinds import Kind
from bot.domain.links import HIDDEN
from bot.domain.visibility import Reader
from bot.usecases.steps.visible_links import hidden_values
from storage.store import Transaction

_HAD: Final = "What you were about to record. Copy anything new into the form:"
_SAYS_NOW: Final = "What it says now:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Values of another source, shown beside a form so that one can take over what is missing."""

    heading: str
    kind: Kind
    values: Mapping[str, Any]


def beside_of(draft: FormDraft, editing: Entry | None) -> tuple[Beside, ...]:
    """What stands beside a form: what others saved meanwhile, and what it was captured as."""
    found = []
    overtaken, captured = draft.values.get(OVERTAKEN), draft.values.get("captured")
    if overtaken and editing is not None:
        now = {name: editing.content.values.get(name) for name in overtaken}
        found.append(Beside(heading=_SAYS_NOW, kind=editing.key.kind, values=now))
    if captured:
        found.append(Beside(heading=_HAD, kind=Kind(captured["kind"]), values=captured["values"]))
    return tuple(found)


def hidden_in_form(
    tx: Transaction, reader: Reader, draft: FormDraft, editing: Entry | None
) -> frozenset[str]:
    """Return the keys in a form, and beside it, of entries that the person can't see."""
    visible = tx.entries.visible_to(reader)
    beside = hidden_values(visible, draft.kind, editing.content.values) if editing else frozenset()
    return hidden_values(visible, draft.kind, draft.values) | beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it is shown: its draft, the values in it and what stands on top.

    `asked`: what its author is asked to change; `requests`: how many ever were. `proposes`: what is
    submitted waits for approval. `channel` and `thread_ts`: where it was opened, and so where word
    of it goes once it is saved. `hidden`: values that name entries which the person can't see.
    """

    draft: FormDraft
    values: Mapping[str, Any]
    duplicates: tuple[Entry, ...] = ()
    editing: Entry | None = None
    beside: tuple[Beside, ...] = ()
    notice: str = ""
    asked: tuple[Request, ...] = ()
    requests: int | None = None
    proposes: bool = False
    channel: ChannelId | None = None
    thread_ts: str | None = None
    hidden: frozenset[str] = frozenset()

    def shown(self, value: Any) -> Any:  # noqa: ANN401 - the value of any field
        """Return a value as it reads in the form."""
        return HIDDEN if isinstance(value, str) and value in self.hidden else value
