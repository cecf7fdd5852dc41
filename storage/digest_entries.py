"""The entries that the digests of channels list and count."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from bot.domain.approval import ProposalState
from bot.domain.certification import DueReasonKind
from bot.domain.digests import Section
from bot.domain.entries import ChannelId, EntryId, Outcome, State, TeamId, UseCounts
from storage.aggregate import TEAM, Queries
from storage.entry_rows import IS_USE_OF_CURRENT_TEXT, is_due, uses_from
from storage.tables.approval import ProposalRow
from storage.tables.digests import DigestRow, LineRow
from storage.tables.entries import EntryRow, UseRow
from storage.tables.review import DueReasonRow

_NOW: Final[Any] = bindparam("now")
_NEWS_SINCE: Final[Any] = bindparam("news_since")
_CHANGES_SINCE: Final[Any] = bindparam("changes_since")

_HERE: Final = and_(
    col(EntryRow.team_id) == TEAM, col(EntryRow.home).in_(bindparam("homes", expanding=True))
)
_IN_FORCE: Final = col(EntryRow.state) == State.IN_FORCE.value
_WAS_IN_FORCE: Final = col(EntryRow.state).in_([State.IN_FORCE.value, State.RETIRED.value])
_AWAKE: Final = or_(col(EntryRow.snoozed_until).is_(None), col(EntryRow.snoozed_until) <= _NOW)
_DUE: Final = and_(is_due(_NOW), _AWAKE)
_OWNER_GONE: Final = (
    select(DueReasonRow.entry_id)
    .where(
        DueReasonRow.team_id == TEAM,
        DueReasonRow.entry_id == EntryRow.id,
        DueReasonRow.kind == DueReasonKind.OWNER_GONE.value,
        DueReasonRow.about == EntryRow.owner,
    )
    .correlate(EntryRow)
    .exists()
)
# The entries with failing uses, and how many each has. In a join, SQLite would read all entries of
# the workspace in the order of their ids, to group by them.
_FAILING: Final = (
    select(col(UseRow.entry_id).label("entry_id"), func.count().label("uses"))
    .where(
        UseRow.team_id == TEAM,
        col(UseRow.entry_id).in_(select(EntryRow.id).where(_HERE, _IN_FORCE)),
        col(UseRow.at) >= _NEWS_SINCE,
        col(UseRow.outcome) != Outcome.FOLLOWED.value,
        IS_USE_OF_CURRENT_TEXT,
    )
    .group_by(col(UseRow.entry_id))
    .subquery("failing")
)
_WAITING: Final = col(EntryRow.id).in_(
    select(ProposalRow.entry_id).where(
        ProposalRow.team_id == TEAM, ProposalRow.state == ProposalState.PROPOSED.value
    )
)
_LISTED: Final = (
    select(LineRow.id)
    .join(DigestRow, col(DigestRow.id) == LineRow.digest_id)
    .where(
        LineRow.team_id == TEAM,
        LineRow.entry_id == EntryRow.id,
        DigestRow.team_id == TEAM,
        col(DigestRow.ts).is_not(None),
    )
    .correlate(EntryRow)
    .exists()
)
_INCOMPLETE: Final = and_(
    _IN_FORCE, col(EntryRow.thin), or_(col(EntryRow.changed_at) >= _NEWS_SINCE, ~_LISTED)
)
_CHANGED: Final = and_(_WAS_IN_FORCE, col(EntryRow.changed_at) >= _CHANGES_SINCE)

# The condition of each section. An entry is in the first section that it fits.
_SECTIONS: Final[Mapping[Section, ColumnElement[bool]]] = {
    Section.OWNER_GONE: and_(_IN_FORCE, _OWNER_GONE),
    Section.DUE: and_(_IN_FORCE, _DUE),
    Section.FAILING: _FAILING.c.uses.is_not(None),
    Section.WAITING: _WAITING,
    Section.INCOMPLETE: _INCOMPLETE,
    Section.CHANGED: _CHANGED,
}
# MATERIALIZED, because PostgreSQL would otherwise repeat the conditions wherever a section is used.
_SECTIONED: Final = (
    columns(
        col(EntryRow.home),
        col(EntryRow.id),
        col(EntryRow.due_at),
        col(EntryRow.changed_at),
        _FAILING.c.uses,
        case(*((fits, section.value) for section, fits in _SECTIONS.items())).label("section"),
    )
    .join(_FAILING, _FAILING.c.entry_id == EntryRow.id, isouter=True)
    .where(_HERE)
    .cte("sectioned")
    .prefix_with("MATERIALIZED")
)
_SECTION: Final = _SECTIONED.c.section
_DUE_FIRST: Final = _SECTION.in_(
    [Section.OWNER_GONE.value, Section.DUE.value, Section.WAITING.value]
)
# The order within a section. The values that order other sections are empty, so they don't matter.
_ORDER: Final = (
    case((_DUE_FIRST, _SECTIONED.c.due_at)),
    case((_SECTION.in_([Section.FAILING.value]), _SECTIONED.c.uses)).desc(),
    case((_SECTION.in_([Section.CHANGED.value]), _SECTIONED.c.changed_at)).desc(),
    case((_DUE_FIRST, _SECTIONED.c.id), else_=-_SECTIONED.c.id),
)
_GROUP: Final = (_SECTIONED.c.home, _SECTION)
_RANKED: Final = (
    columns(
        *_GROUP,
        _SECTIONED.c.id,
        func.count().over(partition_by=_GROUP).label("total"),
        func.row_number().over(partition_by=_GROUP, order_by=_ORDER).label("place"),
    )
    .where(_SECTION.is_not(None))
    .subquery("ranked")
)
_PICKED: Final = (
    columns(_RANKED).where(_RANKED.c.place <= bindparam("limit")).order_by(_RANKED.c.place)
)
_TALLY: Final = (
    select(EntryRow.home, func.count().label("in_force"), func.count().filter(_DUE).label("due"))
    .where(_HERE, _IN_FORCE)
    .group_by(col(EntryRow.home))
)
# An outer join makes SQLite go from the channels' entries to their uses and not the other way.
_USE_COUNTS: Final[Any] = (
    select(EntryRow.home, UseRow.outcome, func.count(col(UseRow.entry_id)))
    .select_from(EntryRow)
    .join(
        UseRow,
        and_(
            col(UseRow.team_id) == EntryRow.team_id,
            col(UseRow.entry_id) == EntryRow.id,
            col(UseRow.at) >= _NEWS_SINCE,
        ),
        isouter=True,
    )
    .where(_HERE)
    .group_by(col(EntryRow.home), col(UseRow.outcome))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """The times from which a digest selects entries.

    `news_since`: for failing uses and incomplete entries. `changes_since`: for changed entries.
    """

    now: datetime
    news_since: datetime
    changes_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionEntries:
    """The first entries of a section, and how many the section has in all."""

    entries: tuple[EntryId, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many entries of a channel are in force, and how many of them are due for review."""

    in_force: int = 0
    due: int = 0


class DigestEntries(Queries):
    """The entries of channels, as their digests need them. No query loads more than its limit."""

    def __init__(self, session: Session, team: TeamId, channels: Sequence[ChannelId]) -> None:
        super().__init__(session, team)
        self._channels = channels

    def pick(
        self, cutoffs: Cutoffs, limit: int
    ) -> Mapping[ChannelId, Mapping[Section, SectionEntries]]:
        """Return the first entries of each channel's sections, each in its most urgent one."""
        ids: dict[tuple[str, str], list[EntryId]] = defaultdict(list)
        totals: dict[tuple[str, str], int] = {}
        for row in self._read(_PICKED, limit=limit, **asdict(cutoffs)):
            ids[row.home, row.section].append(EntryId(row.id))
            totals[row.home, row.section] = row.total
        return {
            channel: {
                section: SectionEntries(
                    entries=tuple(ids.get((channel, section), ())),
                    total=totals.get((channel, section), 0),
                )
                for section in _SECTIONS
            }
            for channel in self._channels
        }

    def tally(self, now: datetime) -> Mapping[ChannelId, Tally]:
        """Count each channel's entries in force, and those of them that are due and not snoozed."""
        counts = {row.home: row for row in self._read(_TALLY, now=now)}
        return {
            channel: Tally(in_force=counts[channel].in_force, due=counts[channel].due)
            if channel in counts
            else Tally()
            for channel in self._channels
        }

    def uses_since(self, at: datetime) -> Mapping[ChannelId, UseCounts]:
        """Count how often entries of each channel were used since then, in any revision."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for home, outcome, count in self._read(_USE_COUNTS, news_since=at):
            counts[home][outcome] = count
        return {channel: uses_from(counts[channel]) for channel in self._channels}

    def _read(self, statement: Any, **params: object) -> Any:  # noqa: ANN401 - rows of several shapes
        params |= {"team": self._team, "homes": self._channels}
        return self._session.connection().execute(statement, params)
