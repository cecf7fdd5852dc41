"""The entries that a revision links to: in its fields, and as the replacement of its entry."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from bot.domain.entries import Key
from bot.domain.kinds import FIELDS, Shape
from bot.domain.revisions import Content, Revision

# Shown instead of a key to people who can't see that entry.
HIDDEN: Final = "an entry in a private channel"


def linked_by(revision: Revision) -> frozenset[Key]:
    """Return the keys of the entries that a revision links to."""
    content = revision.content
    fields = (field for field in FIELDS[content.kind] if field.shape is Shape.ENTRY)
    texts = [*(content.text(field.name) for field in fields), revision.superseded_by]
    return frozenset(key.entry for text in texts if (key := Key.parse(text)))


def without_links(revision: Revision, hidden: Collection[Key]) -> Revision:
    """Return a copy of a revision for the screen, without the hidden keys."""
    content = revision.content
    values = {
        field.name: HIDDEN
        for field in FIELDS[content.kind]
        if field.shape is Shape.ENTRY and Key.parse(content.text(field.name)) in hidden
    }
    taken = HIDDEN if Key.parse(revision.superseded_by) in hidden else revision.superseded_by
    shown = Content(kind=content.kind, values={**content.values, **values})
    return replace(revision, content=shown, superseded_by=taken)
