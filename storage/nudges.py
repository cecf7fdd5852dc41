"""Nudges: claimed once per person and day, built, posted, and handled item by item."""

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
        """Plan a person's nudge for a day; False if the day has one."""
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
        """Return a nudge with its items. `lock`: lock it until the transaction ends."""
        query = self._query().where(NudgeRow.id == nudge_id)
        return next(iter(self._read(query.with_for_update() if lock else query)), None)

    def due(self, now: datetime) -> list[Nudge]:
        """Return the nudges that are due to be built, the longest due first."""
        query = self._query().where(_PLANNED, NudgeRow.due_at <= now)
        return self._read(query.order_by(col(NudgeRow.due_at), col(NudgeRow.id)))

    def missed(self, before: datetime) -> list[Nudge]:
        """Return the nudges due before then that were neither posted nor given up.

        The longest due come first.
        """
        query = self._query().where(
            NudgeRow.due_at <= before, col(NudgeRow.ts).is_(None), col(NudgeRow.came).is_(None)
        )
        return self._read(query.order_by(col(NudgeRow.due_at), col(NudgeRow.id)))

    def of(self, user: UserId) -> list[Nudge]:
        """Return all nudges of a person, the latest day first."""
        query = self._query().where(NudgeRow.user == user)
        return self._read(query.order_by(col(NudgeRow.day).desc()))

    def last_built(self, user: UserId) -> Nudge | None:
        """Return the last nudge of a person that was built."""
        query = self._query().where(NudgeRow.user == user, ~_PLANNED)
        return next(iter(self._read(query.order_by(col(NudgeRow.day).desc()).limit(1))), None)

    def list_reminders(
        self, entries: Sequence[EntryId]
    ) -> Mapping[tuple[UserId, About, EntryId], list[Reminder]]:
        """Return when people were reminded of something about these entries, in order of time."""
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
        reminders: dict[tuple[UserId, About, EntryId], list[Reminder]] = defaultdict(list)
        for user, day, built_at, item in self._session.exec(query):
            key = (UserId(user), About(item.about), EntryId(item.entry_id))
            if built_at is not None:
                reminders[key].append(Reminder(day=date.fromisoformat(day), at=built_at))
        return reminders

    def claimed_days(self, day: date) -> set[tuple[UserId, date]]:
        """Return the people and days, from this day on, that have a nudge."""
        query = select(NudgeRow.user, NudgeRow.day).where(
            NudgeRow.team_id == self._team, NudgeRow.day >= day.isoformat()
        )
        return {(UserId(user), date.fromisoformat(of)) for user, of in self._session.exec(query)}

    def unplan(self, nudge_id: NudgeId) -> None:
        """Delete a nudge that was planned and isn't built yet."""
        self._session.exec(
            delete(NudgeRow).where(
                col(NudgeRow.team_id) == self._team, col(NudgeRow.id) == nudge_id, _PLANNED
            )
        )

    def build(self, nudge_id: NudgeId, items: Sequence[Item], rest: int, at: datetime) -> None:
        """Store the items of a nudge. `rest`: how many more there are that it doesn't list."""
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
        """Store where the nudge was posted."""
        self._change(nudge_id, channel=channel, ts=ts)

    def set_outcome(self, nudge_id: NudgeId, came: NudgeOutcome, at: datetime) -> None:
        """Store the outcome of a nudge, unless it has one."""
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
        """Mark the items about an entry, or about one revision of it, as handled.

        Return the nudges that this changes.
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
            if not self._has_open_items(nudge_id):
                self.set_outcome(nudge_id, NudgeOutcome.DONE, at)
        return ids

    def list_showing(self, entry: EntryId) -> list[NudgeId]:
        """Return the built nudges that list an entry."""
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
        return sorted({NudgeId(nudge_id) for nudge_id in self._session.exec(query)})

    def entries_due(self, now: datetime, after: EntryId | None, limit: int) -> list[Entry]:
        """Return a page of the entries in force that are due and not snoozed, in order of ids."""
        awake = or_(col(EntryRow.snoozed_until).is_(None), col(EntryRow.snoozed_until) <= now)
        query = with_revision(self._team).where(
            EntryRow.state == State.IN_FORCE.value, is_due(now), awake
        )
        if after is not None:
            query = query.where(col(EntryRow.id) > after)
        return entries_of(self._session, self._team, query.order_by(col(EntryRow.id)).limit(limit))

    def choice(self, user: UserId) -> Choice:
        """Return whether a person wants nudges."""
        return self.choices([user]).get(user, Choice())

    def choices(self, users: Iterable[UserId]) -> Mapping[UserId, Choice]:
        """Return whether these people want nudges, for everyone who has ever chosen."""
        query = select(NudgeChoiceRow).where(
            NudgeChoiceRow.team_id == self._team, col(NudgeChoiceRow.user).in_(sorted(users))
        )
        return {
            UserId(row.user): Choice(off=row.off, until=row.until)
            for row in self._session.exec(query)
        }

    def choose(self, user: UserId, choice: Choice) -> None:
        """Store whether a person wants nudges."""
        values = {"off": choice.off, "until": choice.until}
        self._session.exec(
            self._insert(NudgeChoiceRow)
            .values(team_id=self._team, user=user, **values)
            .on_conflict_do_update(index_elements=["team_id", "user"], set_=values)
        )

    def _has_open_items(self, nudge_id: NudgeId) -> bool:
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
        item_query = select(NudgeItemRow).where(
            NudgeItemRow.team_id == self._team,
            col(NudgeItemRow.nudge_id).in_([row.id for row in rows]),
        )
        for item in self._session.exec(item_query.order_by(col(NudgeItemRow.position))):
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
