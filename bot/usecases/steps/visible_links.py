"""Keys of entries beside other entries: each is shown to those alone who may see its entry."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.entries import ChannelId, Entry, Key
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.links import linked_by, without_links
from bot.domain.revisions import Revision
from bot.domain.visibility import everyone_in
from storage.entries import VisibleEntries
from storage.store import Transaction


def visible_in_channel(tx: Transaction, channel: ChannelId) -> VisibleEntries:
    """Return what everyone who reads along in a channel may see, as far as keys go."""
    known = tx.channels.get(channel)
    return tx.entries.visible_to(everyone_in(channel, shared=known is None or known.shared))


def veil_revision(visible: VisibleEntries, revision: Revision) -> Revision:
    """Return a revision to be shown, without the keys of entries that are not behind this door."""
    hidden = {key for key in linked_by(revision) if not visible.has(key)}
    return without_links(revision, hidden) if hidden else revision


def veil_entry(visible: VisibleEntries, entry: Entry) -> Entry:
    """Return an entry to be shown, as `veil_revision` its revision."""
    return replace(entry, revision=veil_revision(visible, entry.revision))


def hidden_values(visible: VisibleEntries, kind: Kind, values: Mapping[str, Any]) -> frozenset[str]:
    """Return those of a form's values that name entries that are not behind this door."""
    links = (values.get(field.name) for field in FIELDS[kind] if field.shape is Shape.ENTRY)
    named = {link: key for link in links if link and (key := Key.parse(str(link)))}
    return frozenset(str(link) for link, key in named.items() if not visible.has(key.entry))


def hidden_links(
    tx: Transaction, home: ChannelId, before: Revision | None, after: Revision
) -> tuple[Key, ...]:
    """Return the keys that a revision began to name and that not all in its home may see."""
    begun = linked_by(after) - (linked_by(before) if before else frozenset())
    visible = visible_in_channel(tx, home)
    return tuple(sorted((key for key in begun if not visible.has(key)), key=str))
