"""Reading the model: search, one entry, its history; always as one reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.entries import Entry, EntryId, Key, TeamId
from bot.domain.errors import NotFoundError
from bot.domain.kinds import Kind
from bot.domain.revisions import Revision
from bot.domain.visibility import Reader
from bot.usecases.allowed import found, require_served
from storage.store import Store

FOUND_SHOWN = 8


@dataclass(frozen=True)
class History:
    """An entry and all its revisions, newest first."""

    entry: Entry
    revisions: tuple[Revision, ...]


def find_entries(
    store: Store, team: TeamId, *, reader: Reader, words: str, limit: int = FOUND_SHOWN
) -> list[Entry]:
    """Entries by words, best first; slips and beginnings of words are understood.

    An entry whose key is among the words comes before all.

    Raises:
        NotAllowedError: the reader is of another organisation.
    """
    require_served(reader)
    with store.read(team) as tx:
        door = tx.entries.visible_to(reader)
        cited = [key for word in words.split() if (key := Key.parse(word))]
        named = [entry for key in cited if (entry := door.get(key.entry)) and not entry.retired]
        found = {entry.id: entry for entry in [*named, *door.search(words, limit=limit)]}
        return list(found.values())[:limit]


def show_entry(store: Store, team: TeamId, *, reader: Reader, key: str) -> Entry:
    """One entry; with `DEC-12@3`, as that revision said it.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        entry = found(tx.entries.visible_to(reader), key)
        cited = Key.parse(key)
        if cited is None or cited.revision in (None, entry.revision.number):
            return entry
        revision = tx.revisions.get(entry.id, cited.revision)
    if revision is None:
        raise NotFoundError(
            f"{entry.key} has {entry.revision.number} revisions; there is no {cited}."
        )
    return _as_of(entry, revision)


def history_of(store: Store, team: TeamId, *, reader: Reader, key: str) -> History:
    """All revisions of an entry.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        entry = found(tx.entries.visible_to(reader), key)
        revisions = tx.revisions.history(entry.id)
    return History(entry, tuple(sorted(revisions, key=lambda one: -one.number)))


def suggest_entries(
    store: Store, team: TeamId, *, reader: Reader, kind: Kind, typed: str
) -> Sequence[Entry]:
    """Entries of a kind to link to, while somebody types in a form."""
    require_served(reader)
    with store.read(team) as tx:
        return tx.entries.visible_to(reader).suggest(typed, kind, 20)


def _as_of(entry: Entry, revision: Revision) -> Entry:
    return replace(entry, revision=revision)


def entry_of(store: Store, team: TeamId, entry_id: EntryId) -> Entry:
    """An entry for its own card, in the channel where it lives.

    Raises:
        NotFoundError: there is none.
    """
    with store.read(team) as tx:
        entry = tx.entries.by_id(entry_id)
    if entry is None:
        raise NotFoundError("This entry is no longer known.")
    return entry
