"""Entries that may already cover what a form is about to record."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain import likeness
from bot.domain.entries import Entry, Key
from bot.domain.form_drafts import FormDraft
from bot.domain.visibility import Reader
from storage.store import Transaction

_DUPLICATES: Final = 3


def find_duplicates(
    tx: Transaction, reader: Reader, values: Mapping[str, Any]
) -> tuple[Entry, ...]:
    """Return the entries that contain most of the suggested words, so may already cover this."""
    words = " ".join(
        str(values.get(name) or "") for name in ("title", "trigger", "condition", "rule")
    )
    terms = likeness.terms(words)
    if not terms:
        return ()
    candidates = tx.entries.visible_to(reader).covering(terms, limit=10, drafts=True)
    scored = [
        (likeness.similarity(terms, likeness.terms(_compared_text(e))), -e.id, e)
        for e in candidates
    ]
    best = sorted(
        (candidate for candidate in scored if candidate[0] >= likeness.SAME_PATH),
        key=lambda candidate: candidate[:2],
    )
    return tuple(entry for _, _, entry in reversed(best[-_DUPLICATES:]))


def list_similar(tx: Transaction, reader: Reader, draft: FormDraft, title: str) -> tuple[Key, ...]:
    """Return the entries with nearly the title of a new one that its form did not show."""
    if draft.entry is not None:
        return ()
    shown = {entry.id for entry in find_duplicates(tx, reader, draft.values)}
    similar = find_duplicates(tx, reader, {"title": title})
    return tuple(entry.key for entry in similar if entry.id not in shown)


def _compared_text(entry: Entry) -> str:
    return " ".join(entry.content.text(name) for name in ("title", "trigger", "condition", "rule"))
