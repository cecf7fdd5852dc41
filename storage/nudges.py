"""Nudges: claimed once a person and day, built, posted, and handled item by item."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, exists, or_, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.entries import ChannelId, Entry, EntryId, State, TeamId, UserId
from bot.domain.nudges import About, Choice, Item, Nudge, NudgeId, NudgeOutcome, Reminder
from storage.aggregate import Queries
from storage.entry_rows import entries_of, is_due, with_revision
from storage.tables.entries import EntryRow
from storage.tables.nudges import NudgeChoiceRow, NudgeItemRow, NudgeRow

_PLANNED: Final = col(NudgeRow.built_at).is_(None)


class Nudges(Queries):
    """The nudges of a workspace."""

    def claim(self, user: UserId, day: date, due_at: datetime, at: datetime) -> bool:
        """Plan the nudge of a person's day; False if that day has one."""
        statement = self._insert(NudgeRow).values(
            team_id=self._team,
            user=user,
            day=day.isoformat(),
            due_at=due_at,
            claimed_at=at,
            rest=0,
        )
        statement = statement.on_conflict_do_nothing(index_elements=["team_id", "user", "day"])
        return self._session.exec(statement).rowcount > 0

    def get(self, nudge_id: NudgeId, *, lock: bool = False) -> Nudge | None:
        """The nudge with its items. `lock`: nobody else builds it."""
        query = self._query().where(NudgeRow.id == nudge_id)
        return next(iter(self._read(query.with_for_update() if lock else query)), None)

    def due(self, now: datetime) -> list[Nudge]:
        """What is to be built now; the longest due first."""
        query = self._query().where(_PLANNED, NudgeRow.due_at <= now)
        return self._read(query.order_by(col(NudgeRow.due_at), col(NudgeRow.id)))

    def missed(self, before: datetime) -> list[Nudge]:
        """What was due before and is neither posted nor given up; the longest due first."""
        query = self._query().where(
            NudgeRow.due_at <= before, col(NudgeRow.ts).is_(None), col(NudgeRow.came).is_(None)
        )
        return self._read(query.order_by(col(NudgeRow.due_at), col(NudgeRow.id)))

    def of(self, user: UserId) -> list[Nudge]:
        """All nudges of a person, the latest day first."""
        query = self._query().where(NudgeRow.user == user)
        return self._read(query.order_by(col(NudgeRow.day).desc()))

    def last_built(self, user: UserId) -> Nudge | None:
        """The last nudge of a person that was built."""
        query = self._query().where(NudgeRow.user == user, ~_PLANNED)
        return next(iter(self._read(query.order_by(col(NudgeRow.day).desc()).limit(1))), None)

    def list_reminders(
        self, entries: Sequence[EntryId]
    ) -> Mapping[tuple[UserId, About, EntryId], list[Reminder]]:
        """Return when people were reminded of what waits about these entries, in order of time."""
        query = (
            select(NudgeRow.user, NudgeRow.day, NudgeRow.built_at, NudgeItemRow)
            .join(
                NudgeItemRow,
                (col(NudgeItemRow.team_id) == NudgeRow.team_id)
                & (col(NudgeItemRow.nudge_id) == NudgeRow.id),
            )
            .where(
                NudgeRow.team_id == self._team,
                col(NudgeRow.ts).is_not(None),
                col(NudgeItemRow.entry_id).in_(entries),
            )
            .order_by(col(NudgeRow.day))
        )
        reminded: dict[tuple[UserId, About, EntryId], list[Reminder]] = defaultdict(list)
        for user, day, built_at, item in self._session.exec(query):
            key = (UserId(user), About(item.about), EntryId(item.entry_id))
            if built_at is not None:
                reminded[key].append(Reminder(day=date.fromisoformat(day), at=built_at))
        return reminded

    def claimed_days(self, day: date) -> set[tuple[UserId, date]]:
        """Whose days from this one on have their nudge."""
        query = select(NudgeRow.user, NudgeRow.day).where(
            NudgeRow.team_id == self._team, NudgeRow.day >= day.isoformat()
        )
        return {(UserId(user), date.fromisoformat(of)) for user, of in self._session.exec(query)}

    def unplan(self, nudge_id: NudgeId) -> None:
        """Take back what was planned and not built."""
        self._session.exec(
            delete(NudgeRow).where(
                col(NudgeRow.team_id) == self._team, col(NudgeRow.id) == nudge_id, _PLANNED
            )
        )

    def build(self, nudge_id: NudgeId, items: Sequence[Item], rest: int, at: datetime) -> None:
        """Keep what the nudge tells of."""
        self._change(nudge_id, built_at=at, rest=rest)
        self._flush(
            *(
                NudgeItemRow(
                    team_id=self._team,
                    nudge_id=nudge_id,
                    position=position,
                    about=item.about.value,
                    entry_id=item.entry,
                    revision=item.revision,
                )
                for position, item in enumerate(items)
            )
        )

    def mark_posted(self, nudge_id: NudgeId, channel: ChannelId, ts: str) -> None:
        """Keep where it was posted."""
        self._change(nudge_id, channel=channel, ts=ts)

    def set_outcome(self, nudge_id: NudgeId, came: NudgeOutcome, at: datetime) -> None:
        """Keep what came of it; what came first stays."""
        self._session.exec(
            update(NudgeRow)
            .where(
                col(NudgeRow.team_id) == self._team,
                col(NudgeRow.id) == nudge_id,
                col(NudgeRow.came).is_(None),
            )
            .values(came=came.value, came_at=at)
        )

    def handle(
        self,
        entry: EntryId,
        about: About,
        by: UserId,
        at: datetime,
        outcome: str,
        *,
        revision: int | None = None,
    ) -> list[NudgeId]:
        """Mark what nudges asked of an entry, or of one revision of it, as handled.

        Returns the nudges that it changes.
        """
        of = () if revision is None else (col(NudgeItemRow.revision) == revision,)
        handled = (
            update(NudgeItemRow)
            .where(
                col(NudgeItemRow.team_id) == self._team,
                col(NudgeItemRow.entry_id) == entry,
                col(NudgeItemRow.about) == about.value,
                col(NudgeItemRow.handled_at).is_(None),
                *of,
            )
            .values(handled_by=by, handled_at=at, outcome=outcome)
            .returning(col(NudgeItemRow.nudge_id))
        )
        ids = sorted({NudgeId(row[0]) for row in self._session.exec(handled)})
        for nudge_id in ids:
            if not self._open(nudge_id):
                self.set_outcome(nudge_id, NudgeOutcome.DONE, at)
        return ids

    def list_showing(self, entry: EntryId) -> list[NudgeId]:
        """The posted nudges in which an entry stands."""
        query = select(NudgeItemRow.nudge_id).join(
            NudgeRow,
            (col(NudgeRow.team_id) == NudgeItemRow.team_id)
            & (col(NudgeRow.id) == NudgeItemRow.nudge_id),
        )
        query = query.where(
            NudgeItemRow.team_id == self._team,
            NudgeItemRow.entry_id == entry,
            col(NudgeRow.built_at).is_not(None),
        )
        return sorted({NudgeId(found) for found in self._session.exec(query)})

    def entries_due(self, now: datetime, after: EntryId | None, limit: int) -> list[Entry]:
        """What is in force, due for review and not snoozed, in the order of ids, page by page."""
        awake = or_(col(EntryRow.snoozed_until).is_(None), col(EntryRow.snoozed_until) <= now)
        query = with_revision(self._team).where(
            EntryRow.state == State.IN_FORCE.value, is_due(now), awake
        )
        if after is not None:
            query = query.where(col(EntryRow.id) > after)
        return entries_of(self._session, self._team, query.order_by(col(EntryRow.id)).limit(limit))

    def choice(self, user: UserId) -> Choice:
        """Whether a person wants nudges."""
        return self.choices([user]).get(user, Choice())

    def choices(self, users: Iterable[UserId]) -> Mapping[UserId, Choice]:
        """Of those who ever said it, whether they want nudges."""
        query = select(NudgeChoiceRow).where(
            NudgeChoiceRow.team_id == self._team, col(NudgeChoiceRow.user).in_(sorted(users))
        )
        return {
            UserId(row.user): Choice(off=row.off, until=row.until)
            for row in self._session.exec(query)
        }

    def choose(self, user: UserId, choice: Choice) -> None:
        """Keep whether a person wants nudges."""
        values = {"off": choice.off, "until": choice.until}
        self._session.exec(
            self._insert(NudgeChoiceRow)
            .values(team_id=self._team, user=user, **values)
            .on_conflict_do_update(index_elements=["team_id", "user"], set_=values)
        )

    def _open(self, nudge_id: NudgeId) -> bool:
        waiting = exists().where(
            col(NudgeItemRow.team_id) == self._team,
            col(NudgeItemRow.nudge_id) == nudge_id,
            col(NudgeItemRow.handled_at).is_(None),
        )
        return bool(self._session.exec(select(waiting)).one())

    def _query(self) -> "SelectOfScalar[NudgeRow]":
        return select(NudgeRow).where(NudgeRow.team_id == self._team)

    def _change(self, nudge_id: NudgeId, **values: object) -> None:
        self._session.exec(
            update(NudgeRow)
            .where(col(NudgeRow.team_id) == self._team, col(NudgeRow.id) == nudge_id)
            .values(**values)
        )

    def _read(self, query: "SelectOfScalar[NudgeRow]") -> list[Nudge]:
        rows = list(self._session.exec(query))
        items: dict[int, list[Item]] = defaultdict(list)
        found = select(NudgeItemRow).where(
            NudgeItemRow.team_id == self._team,
            col(NudgeItemRow.nudge_id).in_([row.id for row in rows]),
        )
        for item in self._session.exec(found.order_by(col(NudgeItemRow.position))):
            items[item.nudge_id].append(_item(item))
        return [_nudge(row, items) for row in rows]


def _nudge(row: NudgeRow, items: Mapping[int, Sequence[Item]]) -> Nudge:
    assert row.id is not None
    return Nudge(
        id=NudgeId(row.id),
        team=TeamId(row.team_id),
        user=UserId(row.user),
        day=date.fromisoformat(row.day),
        due_at=row.due_at,
        built_at=row.built_at,
        rest=row.rest,
        items=tuple(items.get(row.id, ())),
        channel=None if row.channel is None else ChannelId(row.channel),
        ts=row.ts,
        came=None if row.came is None else NudgeOutcome(row.came),
    )


def _item(row: NudgeItemRow) -> Item:
    return Item(
        about=About(row.about),
        entry=EntryId(row.entry_id),
        revision=row.revision,
        handled_by=None if row.handled_by is None else UserId(row.handled_by),
        handled_at=row.handled_at,
        outcome=row.outcome,
    )
