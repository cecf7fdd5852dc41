"""Gaps: recurring matters with their occurrences, which go with their messages."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, update
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.entries import ChannelId, EntryId, UserId
from bot.domain.gaps import SHOWN, Gap, GapId, GapState, NewGap
from storage.aggregate import TEAM, Queries, table_of
from storage.gap_rows import gaps_of, id_of
from storage.gap_searches import add_search, move_searches, searches_of
from storage.tables.listening import GapRow, GapSearchRow, OccurrenceRow

_SHOWN = 3
_OCCURRENCES = table_of(OccurrenceRow)
_LOCKED = (
    select(GapRow).where(GapRow.team_id == TEAM, GapRow.id == bindparam("gap")).with_for_update()
)
_OF_GAP = (_OCCURRENCES.c.team_id == TEAM, _OCCURRENCES.c.gap_id == bindparam("gap"))
_FORGET = delete(_OCCURRENCES).where(*_OF_GAP)
_COUNTED = (
    columns(
        _OCCURRENCES.c.author,
        _OCCURRENCES.c.answerer,
        _OCCURRENCES.c.thread_ts,
        _OCCURRENCES.c.at,
    )
    .where(*_OF_GAP)
    .order_by(_OCCURRENCES.c.at.desc())
)
_STATE = select(GapRow.state, GapRow.entry_id).where(
    GapRow.team_id == TEAM, GapRow.id == bindparam("gap")
)


class Gaps(Queries):
    """The gaps of a workspace."""

    def get(self, gap_id: GapId, *, lock: bool = False) -> Gap | None:
        """Return a gap with all its occurrences, the newest first.

        `lock`: lock the gap until the transaction ends.
        """
        query = self._query().where(GapRow.id == gap_id)
        rows = self._session.exec(query.with_for_update() if lock else query)
        return next(iter(gaps_of(self._session, self._team, rows, occurrences=None)), None)

    def state_of(self, gap_id: GapId) -> tuple[GapState, EntryId | None]:
        """Return the state of a gap, and the entry that it was recorded as."""
        wanted = {"team": self._team, "gap": gap_id}
        state, entry = self._session.connection().execute(_STATE, wanted).one()
        return GapState(state), None if entry is None else EntryId(entry)

    def add(self, gap: NewGap) -> GapId:
        """Add a gap with its occurrences."""
        row = GapRow(
            team_id=self._team,
            channel=gap.channel,
            act=gap.act,
            title=gap.title,
            count=0,
            first_at=gap.occurrences[0].at,
            last_at=gap.occurrences[0].at,
            state=GapState.OPEN.value,
        )
        self._flush(row)
        self.fill(id_of(row), gap)
        return id_of(row)

    def fill(self, gap_id: GapId, gap: NewGap) -> None:
        """Replace what is known of a gap, with its occurrences.

        The title of a gap that a person named or corrected stays. An open gap without occurrences
        is deleted.
        """
        row = self._row(gap_id)
        row.act, row.probability, row.answerer = gap.act, gap.probability, gap.answerer
        is_titled = row.renamed or (row.corrected and row.title)
        row.title = row.title if is_titled else gap.title
        connection = self._session.connection()
        connection.execute(_FORGET, {"team": self._team, "gap": gap_id})
        here = {"team_id": self._team, "gap_id": gap_id}
        if gap.occurrences:
            new = [{**here, **asdict(occurrence)} for occurrence in gap.occurrences]
            connection.execute(_OCCURRENCES.insert(), new)
        self._recount(row)

    def count_search(self, gap_id: GapId, user: UserId, at: datetime) -> None:
        """Count that someone searched for an open gap without an answer; once a person and day."""
        row = self._row(gap_id)
        add_search(self._session, self._team, gap_id, user=user, at=at)
        self._recount(row)

    def move_searches(self, gap_id: GapId, to: GapId) -> None:
        """Move the searches for a gap to the one that it is merged into; `fill` counts them."""
        move_searches(self._session, self._team, gap_id, to)

    def forget_message(self, channel: ChannelId, ts: str) -> list[GapId]:
        """Remove what was kept of a deleted message, and return the gaps that it was part of.

        If it opened a thread, the occurrence is removed, and an open gap without any other.
        """
        rows = self._occurrences_of(channel, ts)
        for occurrence in rows:
            if occurrence.ts == ts:
                self._session.delete(occurrence)
            else:
                occurrence.answer, occurrence.answer_ts, occurrence.answerer = "", None, None
            self._session.flush()
            self._recount(self._row(GapId(occurrence.gap_id)))
        return [GapId(occurrence.gap_id) for occurrence in rows]

    def forget_before(self, at: datetime, most: int) -> int:
        """Delete open gaps whose last message is from before then, with their occurrences.

        Delete at most `most`, those with the oldest last message first. Return how many.
        """
        stale = select(GapRow.id).where(
            GapRow.team_id == self._team,
            GapRow.state == GapState.OPEN.value,
            GapRow.last_at < at,
        )
        # Lock them first: a gap that gets another message at this moment is no longer stale.
        stale = stale.order_by(col(GapRow.last_at), col(GapRow.id)).limit(most)
        ids = list(self._session.exec(stale.with_for_update()))
        self._delete(ids)
        return len(ids)

    def edit_message(self, channel: ChannelId, ts: str, excerpt: str) -> list[GapId]:
        """Store the new excerpt of an edited message, and return the gaps that it is part of."""
        rows = self._occurrences_of(channel, ts)
        for occurrence in rows:
            if occurrence.ts == ts:
                occurrence.excerpt = excerpt
            if occurrence.answer_ts == ts:
                occurrence.answer = excerpt
        self._session.flush()
        return [GapId(occurrence.gap_id) for occurrence in rows]

    def retitle(self, gap_id: GapId, title: str, *, renamed: bool = False) -> None:
        """Give a gap a title. `renamed`: a person chose it, so only a person changes it again."""
        self._session.exec(
            update(GapRow)
            .where(col(GapRow.team_id) == self._team, col(GapRow.id) == gap_id)
            .values({"title": title, **({"renamed": True} if renamed else {})})
        )

    def keep_threads(self, gap_id: GapId) -> None:
        """Keep the threads of a gap that a person corrected; only new ones join it."""
        self._session.exec(
            update(GapRow)
            .where(col(GapRow.team_id) == self._team, col(GapRow.id) == gap_id)
            .values(corrected=True)
        )

    def open_with_message(self, channel: ChannelId, ts: str) -> list[GapId]:
        """Return the open gaps that a message is part of."""
        query = (
            select(GapRow.id)
            .join(OccurrenceRow, col(OccurrenceRow.gap_id) == GapRow.id)
            .where(
                GapRow.team_id == self._team,
                OccurrenceRow.team_id == self._team,
                OccurrenceRow.channel == channel,
                or_(col(OccurrenceRow.thread_ts) == ts, col(OccurrenceRow.ts) == ts),
                GapRow.state == GapState.OPEN.value,
            )
        )
        return [GapId(gap_id) for gap_id in self._session.exec(query) if gap_id is not None]

    def set_state(self, gap_id: GapId, state: GapState, entry: EntryId | None = None) -> None:
        """Set the state of a gap, and the entry that it was recorded as."""
        self._session.exec(
            update(GapRow)
            .where(col(GapRow.team_id) == self._team, col(GapRow.id) == gap_id)
            .values(state=state.value, entry_id=entry)
        )

    def reopen(self, entry: EntryId) -> list[GapId]:
        """Reopen the gaps recorded as an entry that never came into force, and return them.

        A gap whose messages were all deleted since then is removed instead.
        """
        query = self._query().where(GapRow.entry_id == entry)
        rows = self._session.exec(query.order_by(col(GapRow.id)).with_for_update()).all()
        for row in rows:
            row.state, row.entry_id = GapState.OPEN.value, None
            self._session.flush()
        reopened = [id_of(row) for row in rows if row.count]
        self._delete([row.id for row in rows if not row.count])
        return reopened

    def find_permalink(self) -> str | None:
        """Return the link of any message of a gap, which holds the workspace's address."""
        query = select(OccurrenceRow.permalink).where(
            OccurrenceRow.team_id == self._team, col(OccurrenceRow.permalink).contains("/archives/")
        )
        return self._session.exec(query.limit(1)).first()

    def recurring(
        self,
        channels: Collection[ChannelId] | None,
        since: datetime,
        at_least: int,
        limit: int | None = None,
    ) -> list[Gap]:
        """Return the open gaps that came up since then, in at least this many threads.

        Those with the most threads, people and days come first, each with three occurrences. If
        `channels` is None, gaps of private channels are included, so don't show the result to a
        person.
        """
        query = self._query().where(*self._is_recurring(channels, since, at_least))
        query = query.order_by(col(GapRow.rank).desc(), col(GapRow.last_at).desc(), col(GapRow.id))
        rows = self._session.exec(query.limit(limit))
        return gaps_of(self._session, self._team, rows, occurrences=_SHOWN)

    def count_recurring(
        self, channels: Collection[ChannelId] | None, since: datetime, at_least: int
    ) -> int:
        """Return how many gaps `recurring` has without a limit."""
        query = select(func.count()).select_from(GapRow)
        return self._session.exec(query.where(*self._is_recurring(channels, since, at_least))).one()

    def _is_recurring(
        self, channels: Collection[ChannelId] | None, since: datetime, at_least: int
    ) -> list[ColumnElement[bool]]:
        conditions = [
            col(GapRow.team_id) == self._team,
            col(GapRow.state) == GapState.OPEN.value,
            col(GapRow.count) >= at_least,
            col(GapRow.probability) >= SHOWN,
            col(GapRow.last_at) >= since,
        ]
        if channels is not None:
            conditions.append(col(GapRow.channel).in_(sorted(channels)))
        return conditions

    def _query(self) -> "SelectOfScalar[GapRow]":
        return select(GapRow).where(GapRow.team_id == self._team)

    def _row(self, gap_id: GapId) -> GapRow:
        """Lock the gap's row, so that two occurrences are counted one after the other."""
        return self._session.exec(_LOCKED, params={"team": self._team, "gap": gap_id}).one()

    def _occurrences_of(self, channel: ChannelId, ts: str) -> list[OccurrenceRow]:
        query = select(OccurrenceRow).where(
            OccurrenceRow.team_id == self._team,
            OccurrenceRow.channel == channel,
            or_(col(OccurrenceRow.ts) == ts, col(OccurrenceRow.answer_ts) == ts),
        )
        return list(self._session.exec(query.order_by(col(OccurrenceRow.gap_id))))

    def _delete(self, ids: Collection[int | None]) -> None:
        """Delete gaps with all that belongs to them."""
        columns = (
            (OccurrenceRow, OccurrenceRow.gap_id),
            (GapSearchRow, GapSearchRow.gap_id),
            (GapRow, GapRow.id),
        )
        for row, column in columns:
            self._session.exec(
                delete(row).where(col(row.team_id) == self._team, col(column).in_(ids))
            )

    def _recount(self, row: GapRow) -> None:
        """Count a gap's threads, searches, people and days. Delete an open gap without threads."""
        wanted = {"team": self._team, "gap": id_of(row)}
        rows = self._session.connection().execute(_COUNTED, wanted).all()
        searches = searches_of(self._session, self._team, id_of(row))
        people = {one.author for one in rows} | {one.answerer for one in rows if one.answerer}
        people |= {search.user for search in searches}
        days = {one.at.date() for one in rows} | {search.day for search in searches}
        row.count, row.searches = len({one.thread_ts for one in rows}), len(searches)
        row.people, row.days = len(people), len(days)
        row.rank = (row.count + row.searches) * row.people * row.days
        if rows:
            row.first_at = rows[-1].at
            row.last_at = max([rows[0].at, *(search.at for search in searches)])
        self._session.flush()
        if not rows and row.state == GapState.OPEN.value:
            self._delete([row.id])
