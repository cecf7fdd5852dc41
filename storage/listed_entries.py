"""The entries that a filter matches, page by page, as one reader may see them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, true, tuple_
from sqlmodel import col, select

from bot.domain.certification import DueReasonKind
from bot.domain.entries import Entry, Key, State
from bot.domain.entry_filters import EntryFilter, StateFilter
from bot.domain.kinds import Kind
from storage.aggregate import Queries
from storage.entry_rows import entries_of, is_due, with_revision
from storage.tables.entries import EntryRow
from storage.tables.review import DueReasonRow

# A card says `overdue` from the first full day on.
_OVERDUE_AFTER: Final = timedelta(days=1)

_IN_FORCE: Final = col(EntryRow.state) == State.IN_FORCE.value
_LAPSED: Final = exists().where(
    col(DueReasonRow.team_id) == EntryRow.team_id,
    col(DueReasonRow.entry_id) == EntryRow.id,
    col(DueReasonRow.kind) == DueReasonKind.LAPSED.value,
    col(DueReasonRow.settled_at).is_(None),
)
# The condition of each state at a time.
_STATES: Final[Mapping[StateFilter, Callable[[datetime], ColumnElement[bool]]]] = {
    StateFilter.DRAFT: lambda _: col(EntryRow.state) == State.DRAFT.value,
    StateFilter.IN_FORCE: lambda _: _IN_FORCE,
    StateFilter.DUE: lambda now: and_(_IN_FORCE, is_due(now)),
    StateFilter.OVERDUE: lambda now: and_(_IN_FORCE, col(EntryRow.due_at) <= now - _OVERDUE_AFTER),
    StateFilter.NEVER_CERTIFIED: lambda _: and_(
        _IN_FORCE, col(EntryRow.certified_at).is_(None), ~_LAPSED
    ),
    StateFilter.RETIRED: lambda _: col(EntryRow.state) == State.RETIRED.value,
    StateFilter.ALL: lambda _: true(),
}
_ORDER: Final = (col(EntryRow.kind), col(EntryRow.number))
# The same order, for filters that few entries match. SQLite would otherwise read all entries in the
# order of the keys instead of using the index of the filter.
_ORDER_OF_FEW: Final = (col(EntryRow.kind).concat(""), col(EntryRow.number))
_FEW: Final = frozenset({StateFilter.DRAFT, StateFilter.RETIRED})


class ListedEntries(Queries):
    """Queries for the entries that a filter matches, in the order of their keys.

    `_seen`: the condition for the entries that the reader may see.
    """

    _seen: ColumnElement[bool]

    def list_from(
        self, entry_filter: EntryFilter, now: datetime, *, start: Key | None, limit: int
    ) -> list[Entry]:
        """Return the matching entries from a key on, at most `limit`; from the first if None."""
        query = with_revision(self._team).where(self._seen, *_matches(entry_filter, now))
        order = _order(entry_filter)
        if start is not None:
            query = query.where(tuple_(*order) >= (start.kind.value, start.number))
        return entries_of(self._session, self._team, query.order_by(*order).limit(limit))

    def count_matching(self, entry_filter: EntryFilter, now: datetime, *, most: int) -> int:
        """Return how many entries match; stop counting at `most`."""
        query = select(EntryRow.id).where(self._seen, *_matches(entry_filter, now)).limit(most)
        return self._session.exec(select(func.count()).select_from(query.subquery())).one()

    def page_start_before(
        self, entry_filter: EntryFilter, now: datetime, *, start: Key, size: int
    ) -> Key | None:
        """Return the key at which the page before `start` begins; None if nothing is before it."""
        order = _order(entry_filter)
        query = select(EntryRow.kind, EntryRow.number).where(
            self._seen,
            *_matches(entry_filter, now),
            tuple_(*order) < (start.kind.value, start.number),
        )
        query = query.order_by(*(column.desc() for column in order)).limit(size)
        rows = self._session.exec(query).all()
        return Key(kind=Kind(rows[-1][0]), number=rows[-1][1]) if rows else None


def _order(entry_filter: EntryFilter) -> tuple[Any, Any]:
    """Return the columns that order the entries by their keys."""
    is_narrow = bool(entry_filter.states) and _FEW.issuperset(entry_filter.states)
    return _ORDER_OF_FEW if is_narrow or entry_filter.owners or entry_filter.homes else _ORDER


def _matches(entry_filter: EntryFilter, now: datetime) -> list[ColumnElement[bool]]:
    states = entry_filter.states or (StateFilter.DRAFT, StateFilter.IN_FORCE)
    conditions = [or_(*(_STATES[state](now) for state in states))]
    if entry_filter.kinds:
        conditions.append(col(EntryRow.kind).in_([kind.value for kind in entry_filter.kinds]))
    if entry_filter.owners:
        conditions.append(col(EntryRow.owner).in_(entry_filter.owners))
    if entry_filter.homes:
        conditions.append(col(EntryRow.home).in_(entry_filter.homes))
    return conditions
