"""Undocumented paths: grown sample by sample, shrunk when a message is deleted."""

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
from bot.domain.threads import title_of
from storage.aggregate import Queries, counted, table_of
from storage.gap_rows import gap_of, gaps_of, id_of
from storage.tables.entries import EntryRow
from storage.tables.listening import GapRow, OccurrenceRow

_SHOWN = 3
# With so many paths of a channel, the latest, a message is compared: all of two months, but for
# channels in which thirty new ones begin a day.
KNOWN: Final = 2_000
_NONE: Final = GapId(0)


class Gaps(Queries):
    """The paths of a workspace."""

    def list_candidates(
        self, channel: ChannelId, since: datetime, *, after: GapId = _NONE, most: int = KNOWN
    ) -> list[Gap]:
        """The paths of a channel that a message may go down, without samples; the latest first.

        Open ones seen since, those that were dismissed, and those that became an entry which is
        not retired; at most so many. `after`: only those that were begun later than this one.
        """
        retired = exists().where(
            col(EntryRow.team_id) == self._team,
            col(EntryRow.id) == col(GapRow.entry_id),
            col(EntryRow.state) == State.RETIRED.value,
        )
        # Columns and not objects: every message that reads like an act is compared with all.
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
        """Return whether a path that was read without samples is as it was; nobody changes it."""
        query = self._query().where(GapRow.id == gap.id).with_for_update()
        row = self._session.exec(query).first()
        return row is not None and gap_of(row.model_dump(), ()) == gap

    def get(self, gap_id: GapId, *, lock: bool = False) -> Gap | None:
        """The path with all its samples, newest first. `lock`: nobody else changes it."""
        query = self._query().where(GapRow.id == gap_id)
        rows = self._session.exec(query.with_for_update() if lock else query)
        return next(iter(gaps_of(self._session, self._team, rows, occurrences=None)), None)

    def add(
        self, channel: ChannelId, act: str, title: str, terms: Iterable[str], occurrence: Occurrence
    ) -> Gap:
        """Begin a path with its first sample.

        `terms`: the content words of the sample, or their counts.
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
        """The path, without its samples, with one more and that one's own `terms` added to its own.

        A sample that is there already changes nothing; one of a thread that is there already does
        not raise the count.
        """
        row = self._row(gap_id)
        of_thread = select(OccurrenceRow.ts).where(
            OccurrenceRow.team_id == self._team,
            OccurrenceRow.gap_id == gap_id,
            OccurrenceRow.channel == occurrence.channel,
            OccurrenceRow.thread_ts == occurrence.thread_ts,
        )
        known_thread = self._session.exec(of_thread.limit(1)).first() is not None
        own = counted(terms)
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
                terms=own,
            )
            .on_conflict_do_nothing()
            .returning(table_of(OccurrenceRow).c.ts)
        ).first()
        if added is not None:
            row.terms = dict(Counter(row.terms) + Counter(own))
            row.count += not known_thread
            row.first_at, row.last_at = (
                min(row.first_at, occurrence.at),
                max(row.last_at, occurrence.at),
            )
            self._session.flush()
        return gap_of(row.model_dump(), ())

    def forget_message(self, channel: ChannelId, ts: str) -> list[GapId]:
        """The message is gone: so are its sample and words, and an open path with no other.

        Returns the paths that it was counted in.
        """
        occurrences = self._samples_of(channel, ts)
        for occurrence in occurrences:
            row = self._row(GapId(occurrence.gap_id))
            self._session.delete(occurrence)
            self._session.flush()
            self._recount(row)
            self._retitle(GapId(occurrence.gap_id))
        return [GapId(occurrence.gap_id) for occurrence in occurrences]

    def forget_before(self, at: datetime, most: int) -> int:
        """Drop open paths that were last seen before, with all that was kept of their messages.

        At most so many, the longest unseen first; returns how many.
        """
        stale = select(GapRow.id).where(
            GapRow.team_id == self._team,
            GapRow.state == GapState.OPEN.value,
            GapRow.last_at < at,
        )
        # Locked first: one that a message goes down right now is no longer stale after that.
        stale = stale.order_by(col(GapRow.last_at), col(GapRow.id)).limit(most)
        gone = list(self._session.exec(stale.with_for_update()))
        for row, column in ((OccurrenceRow, OccurrenceRow.gap_id), (GapRow, GapRow.id)):
            self._session.exec(
                delete(row).where(col(row.team_id) == self._team, col(column).in_(gone))
            )
        return len(gone)

    def edit_message(
        self, channel: ChannelId, ts: str, excerpt: str, terms: Iterable[str]
    ) -> list[GapId]:
        """The message was edited: keep its new excerpt and content words.

        Returns the paths that it is counted in.
        """
        occurrences = self._samples_of(channel, ts)
        for occurrence in occurrences:
            row = self._row(GapId(occurrence.gap_id))
            occurrence.excerpt, occurrence.terms = excerpt, counted(terms)
            self._session.flush()
            self._recount(row)
            self._retitle(GapId(occurrence.gap_id))
        return [GapId(occurrence.gap_id) for occurrence in occurrences]

    def open_with_message(self, channel: ChannelId, ts: str) -> list[GapId]:
        """The open paths that a message is counted in."""
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
        return [GapId(found) for found in self._session.exec(query) if found is not None]

    def set_state(self, gap_id: GapId, state: GapState, entry: EntryId | None = None) -> None:
        """Say what became of the path, and which entry came of it."""
        self._session.exec(
            update(GapRow)
            .where(col(GapRow.team_id) == self._team, col(GapRow.id) == gap_id)
            .values(state=state.value, entry_id=entry)
        )

    def reopen(self, entry: EntryId) -> list[GapId]:
        """Open again what was recorded as an entry that never came in force; returns which.

        One whose messages were all deleted since then goes instead.
        """
        query = self._query().where(GapRow.entry_id == entry)
        rows = self._session.exec(query.order_by(col(GapRow.id)).with_for_update()).all()
        for row in rows:
            row.state, row.entry_id = GapState.OPEN.value, None
            self._session.flush()
        kept = [id_of(row) for row in rows if row.count]
        for row in rows:
            if not row.count:
                self._session.delete(row)
        self._session.flush()
        return kept

    def recurring(
        self,
        channels: Collection[ChannelId] | None,
        since: datetime,
        at_least: int,
        limit: int | None = None,
    ) -> list[Gap]:
        """Open paths seen since, in that many threads, most threads first, with three samples.

        `channels` None is all of the workspace, private ones too: not for a person's eyes.
        """
        query = self._query().where(*self._recurring(channels, since, at_least))
        query = query.order_by(col(GapRow.count).desc(), col(GapRow.last_at).desc(), col(GapRow.id))
        rows = self._session.exec(query.limit(limit))
        return gaps_of(self._session, self._team, rows, occurrences=_SHOWN)

    def count_recurring(
        self, channels: Collection[ChannelId] | None, since: datetime, at_least: int
    ) -> int:
        """Return how many paths `recurring` has without a limit."""
        query = select(func.count()).select_from(GapRow)
        return self._session.exec(query.where(*self._recurring(channels, since, at_least))).one()

    def _recurring(
        self, channels: Collection[ChannelId] | None, since: datetime, at_least: int
    ) -> list[ColumnElement[bool]]:
        found = [
            col(GapRow.team_id) == self._team,
            col(GapRow.state) == GapState.OPEN.value,
            col(GapRow.count) >= at_least,
            col(GapRow.last_at) >= since,
        ]
        return found if channels is None else [*found, col(GapRow.channel).in_(sorted(channels))]

    def _query(self) -> "SelectOfScalar[GapRow]":
        return select(GapRow).where(GapRow.team_id == self._team)

    def _row(self, gap_id: GapId) -> GapRow:
        """The path's row, locked: two samples at once are counted one after the other."""
        query = self._query().where(GapRow.id == gap_id)
        return self._session.exec(query.with_for_update()).one()

    def _samples_of(self, channel: ChannelId, ts: str) -> list[OccurrenceRow]:
        query = select(OccurrenceRow).where(
            OccurrenceRow.team_id == self._team,
            OccurrenceRow.channel == channel,
            OccurrenceRow.ts == ts,
        )
        return list(self._session.exec(query.order_by(col(OccurrenceRow.gap_id))))

    def _retitle(self, gap_id: GapId) -> None:
        """Its title is the words of its first message: they follow what became of that."""
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
        """Make the path what its samples are; an open one without any goes."""
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
