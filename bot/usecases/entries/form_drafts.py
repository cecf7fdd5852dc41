"""Unsaved forms: store what was typed, list them and discard them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.domain.entries import Key, TeamId, UserId
from bot.domain.errors import InvalidInputError
from bot.domain.form_drafts import FormDraft, FormDraftId
from bot.domain.kinds import Kind
from bot.domain.revisions import Content
from bot.domain.visibility import Reader
from bot.usecases.steps.permissions import is_in_sight, require_member
from bot.usecases.steps.secrets import mask_values
from storage.store import Store

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsavedForm:
    """An unsaved form; `edited` is the key of the entry that it edits, if any."""

    draft: FormDraft
    edited: Key | None


def list_unsaved_forms(store: Store, team: TeamId, *, reader: Reader) -> tuple[UnsavedForm, ...]:
    """Return a person's unsaved forms, latest first.

    Raises:
        NotAllowedError: they are a guest or belong to another organization.
    """
    require_member(reader)
    with store.read(team) as tx:
        forms = []
        for draft in tx.form_drafts.waiting_for(reader.user, _SHOWN):
            entry = tx.entries.by_id(draft.entry) if draft.entry is not None else None
            if is_in_sight(tx, reader, draft.channel):
                forms.append(UnsavedForm(draft=draft, edited=entry.key if entry else None))
    return tuple(forms)


def store_typed(
    store: Store,
    team: TeamId,
    draft_id: FormDraftId,
    *,
    user: UserId,
    typed: Mapping[str, Any],
    kind: Kind | None = None,
    base: int | None = None,
) -> None:
    """Store what was typed in a form that was refused, so that closing the form doesn't lose it.

    Certain secrets are masked; the person's open form still shows what they typed. Nothing happens
    if the form belongs to someone else, is gone or was saved.
    """
    with store.transaction(team) as tx:
        draft = tx.form_drafts.get(draft_id, lock=True)
        if draft is None or draft.user != user or draft.saved is not None:
            return
        draft = draft.as_shown(kind, base)
        if _says_more(draft, typed):
            values = {**draft.values, **mask_values(typed)}
            tx.form_drafts.put(replace(draft, values=values, kept=True).standing())


def cancel_form(store: Store, team: TeamId, draft_id: FormDraftId, *, user: UserId) -> None:
    """Delete a form that was closed, unless it was submitted before; then it is offered again."""
    with store.transaction(team) as tx:
        draft = tx.form_drafts.get(draft_id, lock=True)
        if draft and draft.user == user and draft.saved is None and not draft.kept:
            tx.form_drafts.drop(draft_id)


def _says_more(draft: FormDraft, typed: Mapping[str, Any]) -> bool:
    """Return whether something was typed that the form didn't hold when it was opened."""
    if typed.get("note"):
        return True
    try:
        before, now = (Content.of(draft.kind, values) for values in (draft.values, typed))
    except InvalidInputError:
        return True
    return before != now
