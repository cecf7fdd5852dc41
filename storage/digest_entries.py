"""Select from the entries of one channel what its digest lists and counts."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_
from sqlmodel import Session, col, select

from bot.domain.approval import ProposalState
from bot.domain.certification import DueReasonKind
from bot.domain.digests import Section
from bot.domain.entries import ChannelId, EntryId, Outcome, State, TeamId, UseCounts
from storage.aggregate import TEAM, Queries
from storage.entry_rows import is_due, is_use_of_current_text, uses_from
from storage.tables.approval import ProposalRow
from storage.tables.digests import DigestRow, LineRow
from storage.tables.entries import EntryRow, UseRow
from storage.tables.review import DueReasonRow

_HOME: Final[Any] = bindparam("home")
_NOW: Final[Any] = bindparam("now")
_NEWS: Final[Any] = bindparam("news")
_CHANGES: Final[Any] = bindparam("changes")

_HERE: Final = and_(col(EntryRow.team_id) == TEAM, col(EntryRow.home) == _HOME)
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
_WRONG_USES: Final = and_(
    col(UseRow.team_id) == TEAM,
    col(UseRow.entry_id) == EntryRow.id,
    col(UseRow.at) >= _NEWS,
    col(UseRow.outcome) != Outcome.FOLLOWED.value,
    is_use_of_current_text(col(EntryRow.id)),
)
_WENT_WRONG: Final = select(UseRow.id).where(_WRONG_USES).correlate(EntryRow).exists()
_WRONG_COUNT: Final = select(func.count()).where(_WRONG_USES).correlate(EntryRow).scalar_subquery()
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
    _IN_FORCE, col(EntryRow.thin), or_(col(EntryRow.changed_at) >= _NEWS, ~_LISTED)
)
_DUE_FIRST: Final = (col(EntryRow.due_at), col(EntryRow.id))
_LATEST_FIRST: Final = (col(EntryRow.changed_at).desc(), col(EntryRow.id).desc())
_WORST_FIRST: Final = (_WRONG_COUNT.desc(), col(EntryRow.id).desc())
_NEWEST_FIRST: Final = (col(EntryRow.id).desc(),)

# What puts an entry into a section, and the order of that section. An entry is in the first of
# these sections that it fits.
_SECTIONS: Final[dict[Section, tuple[ColumnElement[bool], tuple[Any, ...]]]] = {
    Section.OWNER_GONE: (and_(_IN_FORCE, _OWNER_GONE), _DUE_FIRST),
    Section.DUE: (and_(_IN_FORCE, _DUE), _DUE_FIRST),
    Section.FAILING: (and_(_IN_FORCE, _WENT_WRONG), _WORST_FIRST),
    Section.WAITING: (_WAITING, _DUE_FIRST),
    Section.INCOMPLETE: (_INCOMPLETE, _NEWEST_FIRST),
    Section.CHANGED: (
        and_(_WAS_IN_FORCE, col(EntryRow.changed_at) >= _CHANGES),
        _LATEST_FIRST,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """The moments by which a digest selects.

    `news`: uses that went wrong and gaps in entries count since then. `changes`: changed entries
    are listed since then.
    """

    now: datetime
    news: datetime
    changes: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionEntries:
    """The first entries of a section, and how many the section has in all."""

    entries: tuple[EntryId, ...]
    total: int


class Home(Queries):
    """The entries of one channel. No query loads more than it is asked for."""

    def __init__(self, session: Session, team: TeamId, channel: ChannelId) -> None:
        super().__init__(session, team)
        self._channel = channel

    def pick(self, section: Section, marks: Cutoffs, limit: int) -> SectionEntries:
        """Return the first entries that belong in a section and in no more urgent one."""
        params = self._params(limit=limit, **asdict(marks))
        rows = self._session.connection().execute(_picking(section), params).all()
        return SectionEntries(
            entries=tuple(EntryId(row[0]) for row in rows), total=rows[0][1] if rows else 0
        )

    def count(self) -> int:
        """Return how many entries are in force."""
        return int(self._session.connection().execute(_COUNTED, self._params()).scalar_one())

    def count_due(self, now: datetime) -> int:
        """Return how many entries are due for review and not snoozed."""
        return int(
            self._session.connection().execute(_COUNTED_DUE, self._params(now=now)).scalar_one()
        )

    def uses_since(self, at: datetime) -> UseCounts:
        """Return how often any entry of the channel was used since, whatever its revision."""
        rows = self._session.connection().execute(_USED, self._params(news=at)).all()
        return uses_from({row[0]: row[1] for row in rows})

    def _params(self, **more: object) -> dict[str, object]:
        return {"team": self._team, "home": self._channel, **more}


@cache
def _picking(section: Section) -> Any:  # noqa: ANN401 - a statement of two columns
    """Select a section's entries: the id of each, and beside it how many there are."""
    fits, order = _SECTIONS[section]
    urgent = list(_SECTIONS)[: list(_SECTIONS).index(section)]
    taken = or_(false(), *(_SECTIONS[other][0] for other in urgent))
    return (
        select(EntryRow.id, func.count().over())
        .where(_HERE, fits, ~taken)
        .order_by(*order)
        .limit(bindparam("limit"))
    )


_COUNTED: Final = select(func.count()).select_from(EntryRow).where(_HERE, _IN_FORCE)
_COUNTED_DUE: Final = _COUNTED.where(_DUE)
# An outer join, so that SQLite goes from the channel's entries to their uses and not the other way.
_USED: Final[Any] = (
    select(UseRow.outcome, func.count(col(UseRow.id)))
    .select_from(EntryRow)
    .join(
        UseRow,
        and_(
            col(UseRow.team_id) == EntryRow.team_id,
            col(UseRow.entry_id) == EntryRow.id,
            col(UseRow.at) >= _NEWS,
        ),
        isouter=True,
    )
    .where(_HERE)
    .group_by(col(UseRow.outcome))
)
