"""Links between entries: each is shown only to readers who may see the linked entry."""

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
    """Return the entries that everyone in a channel may see, to check links against."""
    stored = tx.channels.get(channel)
    return tx.entries.visible_to(everyone_in(channel, shared=stored is None or stored.shared))


def is_shareable(tx: Transaction, entry: Entry) -> bool:
    """Return whether people outside its home channel may see an entry."""
    home = tx.channels.get(entry.home)
    return home is not None and not home.private


def hide_revision_links(visible: VisibleEntries, revision: Revision) -> Revision:
    """Return a revision without its links to entries that aren't visible."""
    hidden = {key for key in linked_by(revision) if not visible.has(key)}
    return without_links(revision, hidden) if hidden else revision


def hide_entry_links(visible: VisibleEntries, entry: Entry) -> Entry:
    """Return an entry without its links to entries that aren't visible."""
    return replace(entry, revision=hide_revision_links(visible, entry.revision))


def find_hidden_values(
    visible: VisibleEntries, kind: Kind, values: Mapping[str, Any]
) -> frozenset[str]:
    """Return the values of a form that link to entries that aren't visible."""
    links = (values.get(field.name) for field in FIELDS[kind] if field.shape is Shape.ENTRY)
    keys = {link: key for link in links if link and (key := Key.parse(str(link)))}
    return frozenset(str(link) for link, key in keys.items() if not visible.has(key.entry))


def find_hidden_links(
    tx: Transaction, home: ChannelId, before: Revision | None, after: Revision
) -> tuple[Key, ...]:
    """Return the links that a revision adds and that some readers in its home channel can't see."""
    added = linked_by(after) - (linked_by(before) if before else frozenset())
    visible = visible_in_channel(tx, home)
    return tuple(sorted((key for key in added if not visible.has(key)), key=str))
