"""Due reasons: why entries are due for review at once, until a verdict or a change settles that."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from bot.domain.audit_acts import OPSLORE
from bot.domain.certification import DueReason, DueReasonKind
from bot.domain.entries import ChannelId, EntryId, State, TeamId, UserId
from bot.domain.kinds import Kind
from bot.domain.revisions import Change, Content, Effect, Revision
from storage.aggregate import IDS, TEAM, Queries, table_of
from storage.audit.chain import Audit
from storage.tables.entries import EntryRow, RevisionRow
from storage.tables.review import DueReasonRow
from storage.tables.workspaces import ChannelRow

# The reasons that are about a person.
OF_PEOPLE = (DueReasonKind.OWNER_GONE, DueReasonKind.BACKUP_GONE, DueReasonKind.LEVEL_GONE)

_ENTRIES: Final = table_of(EntryRow).c
_ESCALATES: Final = _ENTRIES.kind == Kind.ESCALATION.value
# The people on whom entries in force rely. Of an escalation's content, the database returns the
# levels only.
_PEOPLE: Final = (
    columns(
        _ENTRIES.id,
        _ENTRIES.home,
        _ENTRIES.owner,
        _ENTRIES.backup,
        table_of(RevisionRow).c.content["levels"],
    )
    .outerjoin_from(
        table_of(EntryRow),
        table_of(RevisionRow),
        and_(
            _ESCALATES,
            col(RevisionRow.team_id) == EntryRow.team_id,
            col(RevisionRow.entry_id) == EntryRow.id,
            col(RevisionRow.number) == EntryRow.revision,
        ),
    )
    .where(col(EntryRow.state) == State.IN_FORCE.value)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPeople:
    """The people on whom an entry in force relies.

    `is_home_live`: the bot can see who is in its home channel. `is_private`: the home is private.
    """

    entry: EntryId
    home: ChannelId
    is_home_live: bool
    is_private: bool
    people: frozenset[tuple[DueReasonKind, UserId]]


class DueReasons(Queries):
    """The due reasons of a workspace's entries."""

    def add(
        self,
        entry_id: EntryId,
        kind: DueReasonKind,
        at: datetime,
        *,
        about: str = "",
        again: bool = False,
        left: bool = False,
    ) -> None:
        """Make an entry due. A settled reason stays settled, unless it happened `again`.

        `left`: the reason is that this person left the entry's channel. It applies until they are
        back.
        """
        statement = self._insert(DueReasonRow).values(
            team_id=self._team,
            entry_id=entry_id,
            kind=kind.value,
            about=about,
            at=at,
            settled_at=None,
            left=left,
        )
        key = ["team_id", "entry_id", "kind", "about"]
        if again:
            statement = statement.on_conflict_do_update(
                index_elements=key, set_={"at": at, "settled_at": None}
            )
        elif left:
            statement = statement.on_conflict_do_update(index_elements=key, set_={"left": True})
        else:
            statement = statement.on_conflict_do_nothing()
        self._session.exec(statement)
        self._flag([entry_id])

    def add_lapse(self, entry_id: EntryId, cited: str, at: datetime) -> None:
        """Make an entry due because its certification lapsed with a revision such as `DEC-1@2`."""
        self.add(entry_id, DueReasonKind.LAPSED, at, about=cited)
        details = {"cause": DueReasonKind.LAPSED.value, "about": cited}
        key = cited.partition("@")[0]
        Audit(self._session, self._team).add(OPSLORE, "due_at_once", key, details, at)

    def lift(self, entry_id: EntryId, kind: DueReasonKind, about: str) -> None:
        """Remove a reason that no longer applies."""
        self._drop([entry_id], and_(_is(kind), col(DueReasonRow.about) == about))

    def settle(self, entry_id: EntryId, at: datetime) -> None:
        """Settle the reasons of an entry that a person certified.

        A lapsed certification is over and removed. The other reasons may still apply, but don't
        make the entry due again.
        """
        self._drop([entry_id], _is(DueReasonKind.LAPSED))
        self._session.exec(
            update(DueReasonRow)
            .where(
                col(DueReasonRow.team_id) == self._team,
                col(DueReasonRow.entry_id) == entry_id,
                col(DueReasonRow.settled_at).is_(None),
            )
            .values(settled_at=at)
        )
        self._flag([entry_id])

    def drop_resolved(self, entry_id: EntryId, revision: Revision) -> None:
        """Remove the reasons that a new revision resolves: it names others, or changes the rule."""
        resolved: ColumnElement[bool] = col(DueReasonRow.kind).in_(
            [kind.value for kind in OF_PEOPLE]
        )
        for kind, user in sorted(_people_in(revision.content)):
            resolved = and_(resolved, ~and_(_is(kind), col(DueReasonRow.about) == user))
        if revision.change in (Change.EDITED, Change.RESTORED) and revision.effect is Effect.RULE:
            resolved = or_(resolved, _is(DueReasonKind.FAILED))
        self._drop([entry_id], resolved)

    def note_archived(self, homes: Mapping[ChannelId, bool], at: datetime) -> None:
        """Make the entries of archived channels due, and no longer those of unarchived ones.

        `homes`: for each channel whether it is archived.
        """
        query = select(EntryRow.id, EntryRow.home).where(
            EntryRow.team_id == self._team,
            col(EntryRow.home).in_(sorted(homes)),
            EntryRow.state == State.IN_FORCE.value,
        )
        # All transactions lock entries in the order of their ids.
        for entry_id, home in self._session.exec(
            query.order_by(col(EntryRow.id)).with_for_update()
        ).all():
            assert entry_id is not None
            if homes[ChannelId(home)]:
                self.add(EntryId(entry_id), DueReasonKind.ARCHIVED, at)
            else:
                self._drop([EntryId(entry_id)], _is(DueReasonKind.ARCHIVED))

    def list_people(
        self,
        after: EntryId | None,
        most: int,
        *,
        home: ChannelId | None = None,
        user: UserId | None = None,
    ) -> list[EntryPeople]:
        """Return the people on whom entries in force rely, for at most `most` entries by id.

        `after`: only entries with a higher id. `home`: only those of this channel. `user`: only
        those that may rely on this user.
        """
        query = _PEOPLE.where(_ENTRIES.team_id == self._team)
        if after is not None:
            query = query.where(_ENTRIES.id > after)
        if home is not None:
            query = query.where(_ENTRIES.home == home)
        if user is not None:
            query = query.where(or_(_ENTRIES.owner == user, _ENTRIES.backup == user, _ESCALATES))
        return self._people(query.order_by(_ENTRIES.id).limit(most))

    def list_people_of(self, ids: Collection[EntryId]) -> list[EntryPeople]:
        """Return the people on whom these entries rely, for those in force."""
        return self._people(
            _PEOPLE.where(_ENTRIES.team_id == self._team, _ENTRIES.id.in_(sorted(ids)))
        )

    def _people(self, query: Select[Any]) -> list[EntryPeople]:
        privacy = self._live_channels()
        return [
            EntryPeople(
                entry=EntryId(entry_id),
                home=ChannelId(place),
                is_home_live=place in privacy,
                is_private=privacy.get(place, False),
                people=_people(owner, backup, levels),
            )
            for entry_id, place, owner, backup, levels in self._session.connection().execute(query)
        ]

    def _live_channels(self) -> dict[str, bool]:
        """Return the channels whose members the bot can see, and whether each is private."""
        query = select(ChannelRow.id, ChannelRow.private).where(
            ChannelRow.team_id == self._team, col(ChannelRow.joined), ~col(ChannelRow.archived)
        )
        return dict(self._session.exec(query).all())

    def about_people(
        self, ids: Collection[EntryId]
    ) -> dict[tuple[EntryId, DueReasonKind, UserId], bool]:
        """Return the reasons that are about people, settled ones too, and the `left` of each."""
        query = select(
            DueReasonRow.entry_id, DueReasonRow.kind, DueReasonRow.about, DueReasonRow.left
        ).where(
            DueReasonRow.team_id == self._team,
            col(DueReasonRow.entry_id).in_(sorted(ids)),
            col(DueReasonRow.kind).in_([kind.value for kind in OF_PEOPLE]),
        )
        return {
            (EntryId(entry), DueReasonKind(kind), UserId(about)): left
            for entry, kind, about, left in self._session.exec(query)
        }

    def homes(self) -> list[ChannelId]:
        """Return the channels that are home to an entry, even if only to retired ones."""
        query = select(EntryRow.home).where(EntryRow.team_id == self._team).distinct()
        return [ChannelId(home) for home in self._session.exec(query.order_by(col(EntryRow.home)))]

    def _drop(self, ids: Sequence[EntryId], which: ColumnElement[bool]) -> None:
        self._session.exec(
            delete(DueReasonRow).where(
                col(DueReasonRow.team_id) == self._team,
                col(DueReasonRow.entry_id).in_(ids),
                which,
            )
        )
        self._flag(ids)

    def _flag(self, ids: Sequence[EntryId]) -> None:
        """Copy the time of the oldest open reason into the entries' rows."""
        since = (
            select(func.min(DueReasonRow.at))
            .where(
                DueReasonRow.team_id == self._team,
                DueReasonRow.entry_id == EntryRow.id,
                col(DueReasonRow.settled_at).is_(None),
            )
            .scalar_subquery()
        )
        entries = table_of(EntryRow)
        self._session.exec(
            update(entries)
            .where(entries.c.team_id == self._team, entries.c.id.in_(ids))
            .values(flagged_at=since)
        )


_REASONS: Final = (
    select(DueReasonRow)
    .where(DueReasonRow.team_id == TEAM, col(DueReasonRow.entry_id).in_(IDS))
    .order_by(col(DueReasonRow.at), col(DueReasonRow.kind), col(DueReasonRow.about))
)


def reasons_of(
    session: Session, team: TeamId, ids: Sequence[EntryId]
) -> Mapping[EntryId, list[DueReason]]:
    """Return the due reasons of entries, the oldest first."""
    reasons: dict[EntryId, list[DueReason]] = defaultdict(list)
    for row in session.exec(_REASONS, params={"team": team, "ids": ids}):
        reasons[EntryId(row.entry_id)].append(
            DueReason(
                kind=DueReasonKind(row.kind),
                about=row.about,
                at=row.at,
                settled=row.settled_at is not None,
            )
        )
    return reasons


def _is(kind: DueReasonKind) -> ColumnElement[bool]:
    return col(DueReasonRow.kind) == kind.value


def _people_in(content: Content) -> frozenset[tuple[DueReasonKind, UserId]]:
    """Return the people on whom an entry relies, each with the due reason if they are gone."""
    return _people(content.owner, content.backup, content.values.get("levels"))


def _people(owner: str, backup: str, levels: object) -> frozenset[tuple[DueReasonKind, UserId]]:
    people = {(DueReasonKind.OWNER_GONE, owner), (DueReasonKind.BACKUP_GONE, backup)}
    if isinstance(levels, list):
        users = {
            user for level in levels if isinstance(level, dict) for user in level.get("whom", [])
        }
        people |= {(DueReasonKind.LEVEL_GONE, user) for user in users}
    return frozenset((kind, UserId(user)) for kind, user in people if user)
