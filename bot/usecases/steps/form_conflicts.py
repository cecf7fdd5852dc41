"""What moved on while a form was open: what was typed is kept, and put onto what is there now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.domain.approval import Proposal, ProposalState
from bot.domain.entries import Entry
from bot.domain.errors import ConflictError, RetiredError, RevisedError
from bot.domain.form_drafts import OVERTAKEN, FormDraft
from bot.domain.kinds import FIELDS
from bot.domain.revisions import Change, Content, changed_fields
from bot.usecases.steps.changes import cited
from storage.store import Transaction

# What a saved draft keeps in the place of all that was typed: the number of the revision it made.
MADE: Final = "revision"


def conflict_of(
    tx: Transaction,
    draft: FormDraft,
    content: Content,
    said: Mapping[str, str],
    *,
    entry: Entry,
    proposal: Proposal | None,
    requests: int | None,
) -> ConflictError | None:
    """Why a form can not be saved onto its entry, which is locked; the draft keeps what was typed.

    `said`: what the form says of the change itself: its note and its effect. `requests`: how many
    requests for changes it showed; None of one that does not say.

    Fields that were left as the form showed them take over what was saved meanwhile: saving again
    must not undo what the other person changed.
    """
    brings_back = proposal is not None and proposal.revision.change is Change.RESTORED
    if entry.retired and not brings_back:
        _keep(tx, draft, _values_of(content), said)
        return RetiredError(
            f"{entry.key} was retired while you were editing, so this can't be saved. Your text is "
            "still here: copy what you need, or record it as a new entry with `/lore record`."
        )
    if proposal is not None and not proposal.state.open:
        _keep(tx, draft, _values_of(content), said)
        is_in_force = proposal.state is ProposalState.IN_FORCE
        ended = "came into force" if is_in_force else f"was {proposal.state.words}"
        again = "record it again with `/lore record`"
        if not entry.is_withdrawn:
            again = f"propose it again with `/lore edit {entry.key}`"
        return ConflictError(
            f"{cited(entry, proposal.revision)} {ended} after you opened this form, so it can't be "
            f"revised. Your text is still here: copy what you need, and {again}."
        )
    if proposal is not None and requests is not None and requests < len(proposal.requests):
        _keep(tx, draft, _values_of(content), said)
        return ConflictError(
            f"More changes were requested on {cited(entry, proposal.revision)} after you opened "
            "this form. Your text is still here: read the requests, then save again."
        )
    if entry.revision.number == draft.base:
        return None
    assert draft.base is not None
    seen = tx.revisions.get(entry.id, draft.base)
    assert seen is not None
    mine = {field.name for field in changed_fields(seen.content, content)}
    values = {
        field.name: (content if field.name in mine else entry.content).values.get(field.name)
        for field in FIELDS[draft.kind]
    }
    theirs = changed_fields(seen.content, entry.content)
    # Also what an earlier conflict told of, until it is saved.
    named = [*draft.values.get(OVERTAKEN, ()), *(field.name for field in theirs)]
    values[OVERTAKEN] = list(dict.fromkeys(named))
    _keep(tx, replace(draft, base=entry.revision.number), values, said)
    changed = tuple(field.label for field in theirs)
    fields = ", ".join(f"“{label}”" for label in changed) or "nothing in this form"
    return RevisedError(
        f"{entry.cited} was saved while you were editing, and changed {fields}. "
        "Your text is still here: compare, then save again.",
        current=entry.revision.number,
    )


def saved_before(
    tx: Transaction, draft: FormDraft, content: Content, said: Mapping[str, str], *, entry: Entry
) -> ConflictError | None:
    """Why a form that was saved can not be saved once more; None of the same text, sent again.

    Where the answer to its first sending got lost, it stayed on the screen, and what was typed
    since goes onto what came of it.
    """
    made = tx.revisions.get(entry.id, draft.values.get(MADE, 0))
    if made is None or (made.content == content and said["note"] in ("", made.note)):
        return None
    opened = replace(draft, entry=entry.id, base=entry.revision.number, saved=None)
    _keep(tx, opened, _values_of(content), said)
    return ConflictError(
        f"This form was already saved as {cited(entry, made)}. What you typed since then is still "
        "here: compare, then save again."
    )


def _values_of(content: Content) -> dict[str, Any]:
    return {field.name: content.values.get(field.name) for field in FIELDS[content.kind]}


def _keep(
    tx: Transaction, draft: FormDraft, values: Mapping[str, Any], said: Mapping[str, str]
) -> None:
    """What was captured by another form, which this one took the place of, stays with it too."""
    kept = replace(draft, values={**draft.values, **values, **said}, kept=True)
    tx.form_drafts.put(kept.standing())
