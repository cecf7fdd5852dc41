"""Entries that may already cover what a form is about to record."""

from collections.abc import Mapping
from typing import Any

from bot.domain.duplicates import list_duplicates
from bot.domain.entries import Entry, EntryId, Key
from bot.domain.form_drafts import FormDraft
from bot.domain.ranking import read_words
from bot.domain.visibility import Reader
from storage.store import Transaction


def find_duplicates(
    tx: Transaction, reader: Reader, values: Mapping[str, Any]
) -> tuple[Entry, ...]:
    """Return the entries that probably cover the suggested text already, the best first."""
    names = ("title", "trigger", "condition", "rule")
    text = "\n".join(str(values[name]) for name in names if values.get(name))
    visible = tx.entries.visible_to(reader)
    candidates = visible.candidates(text, correct=False)
    documents = [
        read_words(str(key), title=words.title, tags=words.tags, body=words.body)
        for key, words in candidates.texts.items()
    ]
    likely = list_duplicates(text, documents, candidates.corpus)
    return tuple(visible.read_in_order([EntryId(int(key)) for key in likely]))


def list_similar(tx: Transaction, reader: Reader, draft: FormDraft, title: str) -> tuple[Key, ...]:
    """Return the entries with nearly the title of a new one that its form did not show."""
    if draft.entry is not None:
        return ()
    shown = {entry.id for entry in find_duplicates(tx, reader, draft.values)}
    similar = find_duplicates(tx, reader, {"title": title})
    return tuple(entry.key for entry in similar if entry.id not in shown)
