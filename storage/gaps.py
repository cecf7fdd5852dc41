"""Gaps: they grow with each occurrence, and shrink when a message is deleted."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, func, or_, update
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.entries import ChannelId, EntryId, State
from bot.domain.gaps import Gap, GapId, GapState, Occurrence
from bot.domain.listening.titles import title_of
from storage.aggregate import Queries, count_terms, table_of
from storage.gap_rows import gap_of, gaps_of, id_of
from storage.tables.entries import EntryRow
from storage.tables.listening import GapRow, OccurrenceRow

_SHOWN = 3
# A message is compared with this many gaps of its channel, the latest ones. That covers two months,
# unless more than thirty gaps begin in the channel each day.
MOST_CANDIDATES: Final = 2_000
_NONE: Final = GapId(0)


class Gaps(Queries):
    """The gaps of a workspace."""

    def list_candidates(
        self,
        channel: ChannelId,
        since: datetime,
        *,
        after: GapId = _NONE,
        most: int = MOST_CANDIDATES,
    ) -> list[Gap]:
        """Return the gaps that a message may belong to, without occurrences, the latest first.

        These are the channel's open gaps with a message since then, its dismissed gaps, and those
        recorded as an entry that isn't retired. `after`: only gaps that were added after this one.
        """
        retired = exists().where(
            col(EntryRow.team_id) == self._team,
            col(EntryRow.id) == col(GapRow.entry_id),
            col(EntryRow.state) == State.RETIRED.value,
        )
        # Columns are faster than objects, and each message with a speech act is compared with all.
        query = columns(table_of(GapRow)).where(
            col(GapRow.team_id) == self._team,
            col(GapRow.channel) == channel,
            col(GapRow.id) > after,
            or_(col(GapRow.state) != GapState.OPEN.value, col(GapRow.last_at) >= since),
            ~retired,
        )
        query = query.order_by(col(GapRow.last_at).desc(), col(GapRow.id)).limit(most)
        rows = self._session.connection().execute(query)
        return [gap_of(row, ()) for row in rows.mappings()]

    def is_unchanged(self, gap: Gap) -> bool:
        """Lock a gap that was read without occurrences, and return whether it is unchanged."""
        query = self._query().where(GapRow.id == gap.id).with_for_update()
        row = self._session.exec(query).first()
        return row is not None and gap_of(row.model_dump(), ()) == gap

    def get(self, gap_id: GapId, *, lock: bool = False) -> Gap | None:
        """Return a gap with all its occurrences, the newest first.

        `lock`: lock the gap until the transaction ends.
        """
        query = self._query().where(GapRow.id == gap_id)
        rows = self._session.exec(query.with_for_update() if lock else query)
        return next(iter(gaps_of(self._session, self._team, rows, occurrences=None)), None)

    def add(
        self, channel: ChannelId, act: str, title: str, terms: Iterable[str], occurrence: Occurrence
    ) -> Gap:
        """Add a gap with its first occurrence.

        `terms`: the content words of the occurrence, or their counts.
        """
        row = GapRow(
            team_id=self._team,
            channel=channel,
            act=act,
            title=title,
            terms={},
            count=0,
            first_at=occurrence.at,
            last_at=occurrence.at,
            state=GapState.OPEN.value,
        )
        self._flush(row)
        return self.add_occurrence(id_of(row), occurrence, terms)

    def add_occurrence(self, gap_id: GapId, occurrence: Occurrence, terms: Iterable[str]) -> Gap:
        """Add an occurrence and its `terms` to a gap, and return the gap without occurrences.

        If the occurrence is there already, nothing changes. If another one of its thread is there,
        the count stays.
        """
        row = self._row(gap_id)
        of_thread = select(OccurrenceRow.ts).where(
            OccurrenceRow.team_id == self._team,
            OccurrenceRow.gap_id == gap_id,
            OccurrenceRow.channel == occurrence.channel,
            OccurrenceRow.thread_ts == occurrence.thread_ts,
        )
        known_thread = self._session.exec(of_thread.limit(1)).first() is not None
        own_terms = count_terms(terms)
        added = self._session.exec(
            self._insert(OccurrenceRow)
            .values(
                team_id=self._team,
                gap_id=gap_id,
                channel=occurrence.channel,
                ts=occurrence.ts,
                thread_ts=occurrence.thread_ts,
                author=occurrence.author,
                at=occurrence.at,
                permalink=occurrence.permalink,
                excerpt=occurrence.excerpt,
                terms=own_terms,
            )
            .on_conflict_do_nothing()
            .returning(table_of(OccurrenceRow).c.ts)
        ).first()
        if added is not None:
            row.terms = dict(Counter(row.terms) + Counter(own_terms))
            row.count += not known_thread
            row.first_at, row.last_at = (
                min(row.first_at, occurrence.at),
                max(row.last_at, occurrence.at),
            )
            self._session.flush()
        return gap_of(row.model_dump(), ())

    def forget_message(self, channel: ChannelId, ts: str) -> list[GapId]:
        """Remove a deleted message and its words, and return the gaps that it was part of.

        An open gap with no other message is removed too.
        """
        occurrences = self._occurrences_of(channel, ts)
        for occurrence in occurrences:
            row = self._row(GapId(occurrence.gap_id))
            self._session.delete(occurrence)
            self._session.flush()
            self._recount(row)
            self._retitle(GapId(occurrence.gap_id))
        return [GapId(occurrence.gap_id) for occurrence in occurrences]

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
        for row, column in ((OccurrenceRow, OccurrenceRow.gap_id), (GapRow, GapRow.id)):
            self._session.exec(
                delete(row).where(col(row.team_id) == self._team, col(column).in_(ids))
            )
        return len(ids)

    def edit_message(
        self, channel: ChannelId, ts: str, excerpt: str, terms: Iterable[str]
    ) -> list[GapId]:
        """Store the new excerpt and content words of an edited message.

        Return the gaps that the message is part of.
        """
        occurrences = self._occurrences_of(channel, ts)
        for occurrence in occurrences:
            row = self._row(GapId(occurrence.gap_id))
            occurrence.excerpt, occurrence.terms = excerpt, count_terms(terms)
            self._session.flush()
            self._recount(row)
            self._retitle(GapId(occurrence.gap_id))
        return [GapId(occurrence.gap_id) for occurrence in occurrences]

    def open_with_message(self, channel: ChannelId, ts: str) -> list[GapId]:
        """Return the open gaps that a message is part of."""
        query = (
            select(GapRow.id)
            .join(OccurrenceRow, col(OccurrenceRow.gap_id) == GapRow.id)
            .where(
                GapRow.team_id == self._team,
                OccurrenceRow.team_id == self._team,
                OccurrenceRow.channel == channel,
                OccurrenceRow.ts == ts,
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
        for row in rows:
            if not row.count:
                self._session.delete(row)
        self._session.flush()
        return reopened

    def recurring(
        self,
        channels: Collection[ChannelId] | None,
        since: datetime,
        at_least: int,
        limit: int | None = None,
    ) -> list[Gap]:
        """Return the open gaps with a message since then and at least this many threads.

        Most threads first, each gap with three occurrences. If `channels` is None, gaps of private
        channels are included, so don't show the result to a person.
        """
        query = self._query().where(*self._is_recurring(channels, since, at_least))
        query = query.order_by(col(GapRow.count).desc(), col(GapRow.last_at).desc(), col(GapRow.id))
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
            col(GapRow.last_at) >= since,
        ]
        if channels is not None:
            conditions.append(col(GapRow.channel).in_(sorted(channels)))
        return conditions

    def _query(self) -> "SelectOfScalar[GapRow]":
        return select(GapRow).where(GapRow.team_id == self._team)

    def _row(self, gap_id: GapId) -> GapRow:
        """Lock the gap's row, so that two occurrences are counted one after the other."""
        query = self._query().where(GapRow.id == gap_id)
        return self._session.exec(query.with_for_update()).one()

    def _occurrences_of(self, channel: ChannelId, ts: str) -> list[OccurrenceRow]:
        query = select(OccurrenceRow).where(
            OccurrenceRow.team_id == self._team,
            OccurrenceRow.channel == channel,
            OccurrenceRow.ts == ts,
        )
        return list(self._session.exec(query.order_by(col(OccurrenceRow.gap_id))))

    def _retitle(self, gap_id: GapId) -> None:
        """Take the gap's title from its first message again, which may be edited or deleted."""
        query = (
            select(OccurrenceRow.excerpt)
            .where(OccurrenceRow.team_id == self._team, OccurrenceRow.gap_id == gap_id)
            .order_by(col(OccurrenceRow.at))
        )
        first = self._session.exec(query.limit(1)).first()
        self._session.exec(
            update(GapRow)
            .where(col(GapRow.team_id) == self._team, col(GapRow.id) == gap_id)
            .values(title="" if first is None else title_of(first))
        )

    def _recount(self, row: GapRow) -> None:
        """Count a gap's terms and threads again. An open gap without occurrences is deleted."""
        query = select(OccurrenceRow).where(
            OccurrenceRow.team_id == self._team, OccurrenceRow.gap_id == id_of(row)
        )
        occurrences = list(self._session.exec(query.order_by(col(OccurrenceRow.at).desc())))
        terms: Counter[str] = Counter()
        for occurrence in occurrences:
            terms.update(occurrence.terms)
        row.terms, row.count = (
            dict(terms),
            len({occurrence.thread_ts for occurrence in occurrences}),
        )
        if occurrences:
            row.first_at, row.last_at = occurrences[-1].at, occurrences[0].at
        self._session.flush()
        if not occurrences and row.state == GapState.OPEN.value:
            self._session.exec(
                delete(GapRow).where(col(GapRow.team_id) == self._team, col(GapRow.id) == row.id)
            )
