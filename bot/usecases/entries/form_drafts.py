"""Forms that were not saved: what was typed is kept, offered again, and put away when asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.domain.entries import Key, TeamId, UserId
from bot.domain.errors import InvalidInputError
from bot.domain.form_drafts import FormDraft, FormDraftId
from bot.domain.kinds import Kind
from bot.domain.revisions import Content
from bot.domain.visibility import Reader
from bot.usecases.steps.permissions import in_sight, require_member
from bot.usecases.steps.secrets import without_secrets
from storage.store import Store

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """A form that waits; `edited` is the entry that it edits, if it does."""

    draft: FormDraft
    edited: Key | None


def unsaved_of(store: Store, team: TeamId, *, reader: Reader) -> tuple[Unsaved, ...]:
    """What a person has not saved, the latest first.

    Raises:
        NotAllowedError: a guest, or of another organisation: they record nothing.
    """
    require_member(reader)
    with store.read(team) as tx:
        found = []
        for draft in tx.form_drafts.waiting_for(reader.user, _SHOWN):
            entry = tx.entries.by_id(draft.entry) if draft.entry is not None else None
            if in_sight(tx, reader, draft.channel):
                found.append(Unsaved(draft=draft, edited=entry.key if entry else None))
    return tuple(found)


def keep_typed(
    store: Store,
    team: TeamId,
    draft_id: FormDraftId,
    *,
    user: UserId,
    typed: Mapping[str, Any],
    kind: Kind | None = None,
    base: int | None = None,
) -> None:
    """Keep what was sent and refused, so that closing the form does not lose it.

    What is surely a secret is masked; the person's own form still shows what they typed. One of
    somebody else, or that is gone or saved, is left alone.
    """
    with store.transaction(team) as tx:
        draft = tx.form_drafts.get(draft_id, lock=True)
        if draft is None or draft.user != user or draft.saved is not None:
            return
        draft = draft.as_shown(kind, base)
        if _says_more(draft, typed):
            values = {**draft.values, **without_secrets(typed)}
            tx.form_drafts.put(replace(draft, values=values, kept=True).standing())


def cancel_form(store: Store, team: TeamId, draft_id: FormDraftId, *, user: UserId) -> None:
    """Forget a form that was closed, unless it was sent before: then it is offered again."""
    with store.transaction(team) as tx:
        draft = tx.form_drafts.get(draft_id, lock=True)
        if draft and draft.user == user and draft.saved is None and not draft.kept:
            tx.form_drafts.drop(draft_id)


def _says_more(draft: FormDraft, typed: Mapping[str, Any]) -> bool:
    """Whether anything was typed that the form did not hold when it was opened."""
    if typed.get("note"):
        return True
    try:
        before, now = (Content.of(draft.kind, values) for values in (draft.values, typed))
    except InvalidInputError:
        return True
    return before != now
