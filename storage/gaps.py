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
from bot.domain.gaps import Path, PathId, PathState, Sample
from bot.domain.threads import title_of
from storage.aggregate import Part, counted, table_of
from storage.gap_rows import id_of, path_of, paths_of
from storage.tables.entries import EntryRow
from storage.tables.listening import PathRow, SampleRow

_SHOWN = 3
# With so many paths of a channel, the latest, a message is compared: all of two months, but for
# channels in which thirty new ones begin a day.
KNOWN: Final = 2_000
_NONE: Final = PathId(0)


class Paths(Part):
    """The paths of a workspace."""

    def known_in(
        self, channel: ChannelId, since: datetime, *, after: PathId = _NONE, most: int = KNOWN
    ) -> list[Path]:
        """The paths of a channel that a message may go down, without samples; the latest first.

        Open ones seen since, those that were dismissed, and those that became an entry which is
        not retired; at most so many. `after`: only those that were begun later than this one.
        """
        retired = exists().where(
            col(EntryRow.team_id) == self._team,
            col(EntryRow.id) == col(PathRow.entry_id),
            col(EntryRow.state) == State.RETIRED.value,
        )
        # Columns and not objects: every message that reads like an act is compared with all.
        query = columns(table_of(PathRow)).where(
            col(PathRow.team_id) == self._team,
            col(PathRow.channel) == channel,
            col(PathRow.id) > after,
            or_(col(PathRow.state) != PathState.OPEN.value, col(PathRow.last_at) >= since),
            ~retired,
        )
        query = query.order_by(col(PathRow.last_at).desc(), col(PathRow.id)).limit(most)
        rows = self._session.connection().execute(query)
        return [path_of(row, ()) for row in rows.mappings()]

    def is_still(self, path: Path) -> bool:
        """Return whether a path that was read without samples is as it was; nobody changes it."""
        query = self._query().where(PathRow.id == path.id).with_for_update()
        row = self._session.exec(query).first()
        return row is not None and path_of(row.model_dump(), ()) == path

    def get(self, path_id: PathId, *, lock: bool = False) -> Path | None:
        """The path with all its samples, newest first. `lock`: nobody else changes it."""
        query = self._query().where(PathRow.id == path_id)
        rows = self._session.exec(query.with_for_update() if lock else query)
        return next(iter(paths_of(self._session, self._team, rows, samples=None)), None)

    def add(
        self, channel: ChannelId, act: str, title: str, terms: Iterable[str], sample: Sample
    ) -> Path:
        """Begin a path with its first sample.

        `terms`: the content words of the sample, or their counts.
        """
        row = PathRow(
            team_id=self._team,
            channel=channel,
            act=act,
            title=title,
            terms={},
            count=0,
            first_at=sample.at,
            last_at=sample.at,
            state=PathState.OPEN.value,
        )
        self._flush(row)
        return self.add_sample(id_of(row), sample, terms)

    def add_sample(self, path_id: PathId, sample: Sample, terms: Iterable[str]) -> Path:
        """The path, without its samples, with one more and that one's own `terms` added to its own.

        A sample that is there already changes nothing; one of a thread that is there already does
        not raise the count.
        """
        row = self._row(path_id)
        of_thread = select(SampleRow.ts).where(
            SampleRow.team_id == self._team,
            SampleRow.path_id == path_id,
            SampleRow.channel == sample.channel,
            SampleRow.thread_ts == sample.thread_ts,
        )
        known_thread = self._session.exec(of_thread.limit(1)).first() is not None
        own = counted(terms)
        added = self._session.exec(
            self._insert(SampleRow)
            .values(
                team_id=self._team,
                path_id=path_id,
                channel=sample.channel,
                ts=sample.ts,
                thread_ts=sample.thread_ts,
                author=sample.author,
                at=sample.at,
                permalink=sample.permalink,
                excerpt=sample.excerpt,
                terms=own,
            )
            .on_conflict_do_nothing()
            .returning(table_of(SampleRow).c.ts)
        ).first()
        if added is not None:
            row.terms = dict(Counter(row.terms) + Counter(own))
            row.count += not known_thread
            row.first_at, row.last_at = min(row.first_at, sample.at), max(row.last_at, sample.at)
            self._session.flush()
        return path_of(row.model_dump(), ())

    def forget(self, channel: ChannelId, ts: str) -> list[PathId]:
        """The message is gone: so are its sample and words, and an open path with no other.

        Returns the paths that it was counted in.
        """
        samples = self._samples_of(channel, ts)
        for sample in samples:
            row = self._row(PathId(sample.path_id))
            self._session.delete(sample)
            self._session.flush()
            self._recount(row)
            self._retitle(PathId(sample.path_id))
        return [PathId(sample.path_id) for sample in samples]

    def forget_before(self, at: datetime, most: int) -> int:
        """Drop open paths that were last seen before, with all that was kept of their messages.

        At most so many, the longest unseen first; returns how many.
        """
        stale = select(PathRow.id).where(
            PathRow.team_id == self._team,
            PathRow.state == PathState.OPEN.value,
            PathRow.last_at < at,
        )
        # Locked first: one that a message goes down right now is no longer stale after that.
        stale = stale.order_by(col(PathRow.last_at), col(PathRow.id)).limit(most)
        gone = list(self._session.exec(stale.with_for_update()))
        for row, column in ((SampleRow, SampleRow.path_id), (PathRow, PathRow.id)):
            self._session.exec(
                delete(row).where(col(row.team_id) == self._team, col(column).in_(gone))
            )
        return len(gone)

    def edited(
        self, channel: ChannelId, ts: str, excerpt: str, terms: Iterable[str]
    ) -> list[PathId]:
        """The message was edited: keep its new excerpt and content words.

        Returns the paths that it is counted in.
        """
        samples = self._samples_of(channel, ts)
        for sample in samples:
            row = self._row(PathId(sample.path_id))
            sample.excerpt, sample.terms = excerpt, counted(terms)
            self._session.flush()
            self._recount(row)
            self._retitle(PathId(sample.path_id))
        return [PathId(sample.path_id) for sample in samples]

    def begun_by(self, channel: ChannelId, ts: str) -> list[PathId]:
        """The open paths that a message is counted in."""
        query = (
            select(PathRow.id)
            .join(SampleRow, col(SampleRow.path_id) == PathRow.id)
            .where(
                PathRow.team_id == self._team,
                SampleRow.team_id == self._team,
                SampleRow.channel == channel,
                SampleRow.ts == ts,
                PathRow.state == PathState.OPEN.value,
            )
        )
        return [PathId(found) for found in self._session.exec(query) if found is not None]

    def set_state(self, path_id: PathId, state: PathState, entry: EntryId | None = None) -> None:
        """Say what became of the path, and which entry came of it."""
        self._session.exec(
            update(PathRow)
            .where(col(PathRow.team_id) == self._team, col(PathRow.id) == path_id)
            .values(state=state.value, entry_id=entry)
        )

    def reopen(self, entry: EntryId) -> list[PathId]:
        """Open again what was recorded as an entry that never came in force; returns which.

        One whose messages were all deleted since then goes instead.
        """
        query = self._query().where(PathRow.entry_id == entry)
        rows = self._session.exec(query.order_by(col(PathRow.id)).with_for_update()).all()
        for row in rows:
            row.state, row.entry_id = PathState.OPEN.value, None
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
    ) -> list[Path]:
        """Open paths seen since, in that many threads, most threads first, with three samples.

        `channels` None is all of the workspace, private ones too: not for a person's eyes.
        """
        query = self._query().where(*self._recurring(channels, since, at_least))
        query = query.order_by(
            col(PathRow.count).desc(), col(PathRow.last_at).desc(), col(PathRow.id)
        )
        rows = self._session.exec(query.limit(limit))
        return paths_of(self._session, self._team, rows, samples=_SHOWN)

    def count_recurring(
        self, channels: Collection[ChannelId] | None, since: datetime, at_least: int
    ) -> int:
        """Return how many paths `recurring` has without a limit."""
        query = select(func.count()).select_from(PathRow)
        return self._session.exec(query.where(*self._recurring(channels, since, at_least))).one()

    def _recurring(
        self, channels: Collection[ChannelId] | None, since: datetime, at_least: int
    ) -> list[ColumnElement[bool]]:
        found = [
            col(PathRow.team_id) == self._team,
            col(PathRow.state) == PathState.OPEN.value,
            col(PathRow.count) >= at_least,
            col(PathRow.last_at) >= since,
        ]
        return found if channels is None else [*found, col(PathRow.channel).in_(sorted(channels))]

    def _query(self) -> "SelectOfScalar[PathRow]":
        return select(PathRow).where(PathRow.team_id == self._team)

    def _row(self, path_id: PathId) -> PathRow:
        """The path's row, locked: two samples at once are counted one after the other."""
        query = self._query().where(PathRow.id == path_id)
        return self._session.exec(query.with_for_update()).one()

    def _samples_of(self, channel: ChannelId, ts: str) -> list[SampleRow]:
        query = select(SampleRow).where(
            SampleRow.team_id == self._team, SampleRow.channel == channel, SampleRow.ts == ts
        )
        return list(self._session.exec(query.order_by(col(SampleRow.path_id))))

    def _retitle(self, path_id: PathId) -> None:
        """Its title is the words of its first message: they follow what became of that."""
        query = (
            select(SampleRow.excerpt)
            .where(SampleRow.team_id == self._team, SampleRow.path_id == path_id)
            .order_by(col(SampleRow.at))
        )
        first = self._session.exec(query.limit(1)).first()
        self._session.exec(
            update(PathRow)
            .where(col(PathRow.team_id) == self._team, col(PathRow.id) == path_id)
            .values(title="" if first is None else title_of(first))
        )

    def _recount(self, row: PathRow) -> None:
        """Make the path what its samples are; an open one without any goes."""
        query = select(SampleRow).where(
            SampleRow.team_id == self._team, SampleRow.path_id == id_of(row)
        )
        samples = list(self._session.exec(query.order_by(col(SampleRow.at).desc())))
        terms: Counter[str] = Counter()
        for sample in samples:
            terms.update(sample.terms)
        row.terms, row.count = dict(terms), len({sample.thread_ts for sample in samples})
        if samples:
            row.first_at, row.last_at = samples[-1].at, samples[0].at
        self._session.flush()
        if not samples and row.state == PathState.OPEN.value:
            self._session.exec(
                delete(PathRow).where(col(PathRow.team_id) == self._team, col(PathRow.id) == row.id)
            )
