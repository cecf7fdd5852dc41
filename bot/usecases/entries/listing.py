"""List the entries that a filter matches, page by page, as one reader may see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.entries import Entry, Key, TeamId
from bot.domain.entry_filters import EntryFilter
from bot.domain.visibility import Reader
from bot.usecases.steps.permissions import require_served
from storage.store import Store

PAGE: Final = 10
# Counting all of 100,000 entries would take longer than reading a page of them.
COUNTED_AT_MOST: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """A page of the entries that a filter matches, in the order of their keys.

    `count`: how many match in all; `has_uncounted`: there are even more. `back` and `next`: where
    the pages before and after begin; None if there is none.
    """

    entry_filter: EntryFilter
    entries: tuple[Entry, ...]
    count: int
    has_uncounted: bool = False
    back: Key | None = None
    next: Key | None = None


def list_entries(
    store: Store,
    team: TeamId,
    entry_filter: EntryFilter,
    *,
    reader: Reader,
    now: datetime,
    start: Key | None = None,
) -> EntryPage:
    """Return the page of matching entries that begins at a key, or the first page.

    If the entries from `start` on no longer match, it is the last page before them.

    Raises:
        NotAllowedError: the reader belongs to another organization.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        entries = visible.list_from(entry_filter, now, start=start, limit=PAGE + 1)
        back = start and visible.page_start_before(entry_filter, now, start=start, size=PAGE)
        if not entries and back is not None:
            entries = visible.list_from(entry_filter, now, start=back, limit=PAGE + 1)
            back = visible.page_start_before(entry_filter, now, start=back, size=PAGE)
        count = len(entries)
        if back is not None or count > PAGE:
            count = visible.count_matching(entry_filter, now, most=COUNTED_AT_MOST + 1)
    return EntryPage(
        entry_filter=entry_filter,
        entries=tuple(entries[:PAGE]),
        count=min(count, COUNTED_AT_MOST),
        has_uncounted=count > COUNTED_AT_MOST,
        back=back,
        next=entries[PAGE].key if len(entries) > PAGE else None,
    )
