"""Conflicts of a form with changes that others made while it was open."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.domain.approval import Proposal, ProposalState
from bot.domain.entries import Entry
from bot.domain.errors import ConflictError, RetiredError, RevisedError
from bot.domain.form_drafts import OVERTAKEN, FormDraft
from bot.domain.kinds import FIELDS
from bot.domain.revisions import Change, Content, changed_fields
from bot.usecases.steps.changes import cite
from storage.store import Transaction

# The value that a saved draft has instead of its text: the number of the revision it made.
MADE_REVISION: Final = "revision"


def find_conflict(
    tx: Transaction,
    draft: FormDraft,
    content: Content,
    note_and_effect: Mapping[str, str],
    *,
    entry: Entry,
    proposal: Proposal | None,
    requests: int | None,
) -> ConflictError | None:
    """Return why a form can't be saved to its locked entry; the draft keeps what was typed.

    `note_and_effect`: as in the form. `requests`: how many requests for changes the form showed;
    None if it doesn't say.

    Fields that the person didn't change take over the other person's text, so that saving again
    doesn't undo that change.
    """
    brings_back = proposal is not None and proposal.revision.change is Change.RESTORED
    if entry.retired and not brings_back:
        _store(tx, draft, _values_of(content), note_and_effect)
        return RetiredError(
            f"{entry.key} was retired while you were editing, so this can't be saved. Your text is "
            "still here: copy what you need, or record it as a new entry with `/lore record`."
        )
    if proposal is not None and not proposal.state.open:
        _store(tx, draft, _values_of(content), note_and_effect)
        is_in_force = proposal.state is ProposalState.IN_FORCE
        ended = "came into force" if is_in_force else f"was {proposal.state.words}"
        again = "record it again with `/lore record`"
        if not entry.is_withdrawn:
            again = f"propose it again with `/lore edit {entry.key}`"
        return ConflictError(
            f"{cite(entry, proposal.revision)} {ended} after you opened this form, so it can't be "
            f"revised. Your text is still here: copy what you need, and {again}."
        )
    if proposal is not None and requests is not None and requests < len(proposal.requests):
        _store(tx, draft, _values_of(content), note_and_effect)
        return ConflictError(
            f"More changes were requested on {cite(entry, proposal.revision)} after you opened "
            "this form. Your text is still here: read the requests, then save again."
        )
    if entry.revision.number == draft.base:
        return None
    assert draft.base is not None
    base = tx.revisions.get(entry.id, draft.base)
    assert base is not None
    changed_names = {field.name for field in changed_fields(base.content, content)}
    values = {
        field.name: (content if field.name in changed_names else entry.content).values.get(
            field.name
        )
        for field in FIELDS[draft.kind]
    }
    others_changes = changed_fields(base.content, entry.content)
    # Fields of an earlier conflict stay listed until the form is saved.
    overtaken = [*draft.values.get(OVERTAKEN, ()), *(field.name for field in others_changes)]
    values[OVERTAKEN] = list(dict.fromkeys(overtaken))
    _store(tx, replace(draft, base=entry.revision.number), values, note_and_effect)
    changed = tuple(field.label for field in others_changes)
    fields = ", ".join(f"“{label}”" for label in changed) or "nothing in this form"
    return RevisedError(
        f"{entry.cited} was saved while you were editing, and changed {fields}. "
        "Your text is still here: compare, then save again.",
        current=entry.revision.number,
    )


def find_earlier_save(
    tx: Transaction,
    draft: FormDraft,
    content: Content,
    note_and_effect: Mapping[str, str],
    *,
    entry: Entry,
) -> ConflictError | None:
    """Return why a saved form can't be saved again; None if it holds the same text.

    If Slack's answer to the first submission got lost, the form stays on the screen. Text that was
    typed since then is moved onto the revision that the first submission made.
    """
    saved_revision = tx.revisions.get(entry.id, draft.values.get(MADE_REVISION, 0))
    if saved_revision is None or (
        saved_revision.content == content and note_and_effect["note"] in ("", saved_revision.note)
    ):
        return None
    reopened = replace(draft, entry=entry.id, base=entry.revision.number, saved=None)
    _store(tx, reopened, _values_of(content), note_and_effect)
    return ConflictError(
        f"This form was already saved as {cite(entry, saved_revision)}. What you typed since then "
        "is still here: compare, then save again."
    )


def _values_of(content: Content) -> dict[str, Any]:
    return {field.name: content.values.get(field.name) for field in FIELDS[content.kind]}


def _store(
    tx: Transaction, draft: FormDraft, values: Mapping[str, Any], note_and_effect: Mapping[str, str]
) -> None:
    """Store the values of a form, together with those of another form that it replaced."""
    stored = replace(draft, values={**draft.values, **values, **note_and_effect}, kept=True)
    tx.form_drafts.put(stored.standing())
