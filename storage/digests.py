"""Digests: claimed once per period, built, posted, and handled line by line."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, delete, func, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.digests import Digest, DigestId, Line, LineId, Section
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.gaps import GapId
from storage.aggregate import TEAM, Queries, table_of
from storage.tables.digests import DigestRow, LineRow

NewLine = tuple[Section, EntryId | None, GapId | None, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContents:
    """The contents of a digest, before it is stored."""

    figures: Mapping[str, int]
    lines: Sequence[NewLine]


_PLANNED = col(DigestRow.built_at).is_(None)
_LINES: Final = (
    select(LineRow)
    .where(
        LineRow.team_id == TEAM, col(LineRow.digest_id).in_(bindparam("digests", expanding=True))
    )
    .order_by(col(LineRow.id))
)
_DIGESTS: Final = table_of(DigestRow)
_BUILT: Final = (
    update(_DIGESTS)
    .where(_DIGESTS.c.team_id == TEAM, _DIGESTS.c.id == bindparam("digest"))
    .values(figures=bindparam("says"), built_at=bindparam("at"))
)
_UNLINED: Final = delete(table_of(LineRow)).where(
    table_of(LineRow).c.team_id == TEAM,
    table_of(LineRow).c.digest_id.in_(bindparam("digests", expanding=True)),
)


class Digests(Queries):
    """The digests of a workspace."""

    def claim(
        self, channel: ChannelId, period: str, due_at: datetime, at: datetime
    ) -> Digest | None:
        """Add the digest of a period, and return it; None if the period has one."""
        statement = (
            self._insert(DigestRow)
            .values(
                team_id=self._team,
                channel=channel,
                period=period,
                due_at=due_at,
                claimed_at=at,
                figures={},
            )
            .on_conflict_do_nothing(index_elements=["team_id", "channel", "period"])
            .returning(table_of(DigestRow).c.id)
        )
        found = self._session.exec(statement).first()
        if found is None:
            return None
        return Digest(
            id=DigestId(found[0]),
            team=self._team,
            channel=channel,
            period=period,
            due_at=due_at,
            built_at=None,
            figures={},
            lines=(),
        )

    def get(self, digest_id: DigestId) -> Digest | None:
        """Return a digest with its lines, section by section."""
        return next(iter(self._read(self._query().where(DigestRow.id == digest_id))), None)

    def lock(self, ids: Iterable[DigestId]) -> list[Digest]:
        """Lock these digests until the transaction ends, and return those that still exist."""
        query = self._query().where(col(DigestRow.id).in_(sorted(ids)))
        return self._read(query.order_by(col(DigestRow.id)).with_for_update())

    def has(self, channel: ChannelId, period: str) -> bool:
        """Return whether a period has its digest, built or planned."""
        query = select(DigestRow.id).where(
            DigestRow.team_id == self._team,
            DigestRow.channel == channel,
            DigestRow.period == period,
        )
        return self._session.exec(query).first() is not None

    def next_planned(self, channel: ChannelId) -> Digest | None:
        """Return the channel's next digest, which isn't built yet."""
        return self.planned_in([channel]).get(channel)

    def planned_in(self, channels: Sequence[ChannelId]) -> Mapping[ChannelId, Digest]:
        """Return the next digest of each channel, which isn't built yet."""
        query = self._query().where(col(DigestRow.channel).in_(channels), _PLANNED)
        latest_first = self._read(query.order_by(col(DigestRow.due_at).desc()))
        return {digest.channel: digest for digest in latest_first}

    def unplan(self, channel: ChannelId) -> None:
        """Delete the channel's digests that aren't built yet."""
        self._session.exec(
            delete(DigestRow).where(
                col(DigestRow.team_id) == self._team, col(DigestRow.channel) == channel, _PLANNED
            )
        )

    def due(self, now: datetime) -> list[Digest]:
        """Return the digests of all channels that are due to be built, the longest due first."""
        query = self._query().where(_PLANNED, DigestRow.due_at <= now)
        return self._read(query.order_by(col(DigestRow.due_at), col(DigestRow.id)))

    def of(self, channel: ChannelId, limit: int) -> list[Digest]:
        """Return the digests of a channel, the latest first."""
        query = self._query().where(DigestRow.channel == channel)
        return self._read(query.order_by(col(DigestRow.due_at).desc()).limit(limit))

    def previous(self, channel: ChannelId, before_due: datetime) -> Digest | None:
        """Return the channel's last digest that was due before then and was built."""
        query = self._query().where(
            DigestRow.channel == channel, DigestRow.due_at < before_due, ~_PLANNED
        )
        return next(iter(self._read(query.order_by(col(DigestRow.due_at).desc()).limit(1))), None)

    def last_posted(
        self, channels: Sequence[ChannelId], before_due: datetime, *, weekly: bool = False
    ) -> Mapping[ChannelId, Digest]:
        """Return the last digest of each channel that was due before then and was posted.

        `weekly`: leave out the digests that a person asked for in between.
        """
        place = func.row_number().over(
            partition_by=col(DigestRow.channel), order_by=col(DigestRow.due_at).desc()
        )
        posted = select(DigestRow.id, place.label("place")).where(
            DigestRow.team_id == self._team,
            col(DigestRow.channel).in_(channels),
            DigestRow.due_at < before_due,
            col(DigestRow.ts).is_not(None),
        )
        if weekly:
            posted = posted.where(~col(DigestRow.period).contains("T"))
        ranked = posted.subquery()
        last = select(ranked.c.id).where(ranked.c.place == 1)
        found = self._read(self._query().where(col(DigestRow.id).in_(last)))
        return {digest.channel: digest for digest in found}

    def build(self, contents: Mapping[DigestId, NewContents], at: datetime) -> None:
        """Keep what each of these digests says. Building one again replaces all of it."""
        connection = self._session.connection()
        ids = list(contents)
        connection.execute(_UNLINED, {"team": self._team, "digests": ids})
        figures = [
            {"team": self._team, "digest": digest, "says": dict(new.figures), "at": at}
            for digest, new in contents.items()
        ]
        connection.execute(_BUILT, figures)
        lines = [line for digest, new in contents.items() for line in self._rows(digest, new)]
        if lines:
            connection.execute(table_of(LineRow).insert(), lines)

    def _rows(self, digest: DigestId, contents: NewContents) -> Iterator[dict[str, Any]]:
        places: Counter[Section] = Counter()
        for section, entry, gap, facts in contents.lines:
            yield {
                "team_id": self._team,
                "digest_id": digest,
                "section": section.value,
                "position": places[section],
                "entry_id": entry,
                "gap_id": gap,
                "facts": dict(facts),
                "outcome": "",
            }
            places[section] += 1

    def mark_posted(self, digest_id: DigestId, ts: str) -> None:
        """Store the timestamp of the message in which the digest was posted."""
        self._session.exec(
            update(DigestRow)
            .where(col(DigestRow.team_id) == self._team, col(DigestRow.id) == digest_id)
            .values(ts=ts)
        )

    def handle(self, line_id: LineId, by: UserId, at: datetime, outcome: str) -> bool:
        """Store who handled a line; False if someone handled it already."""
        statement = (
            update(LineRow)
            .where(
                col(LineRow.team_id) == self._team,
                col(LineRow.id) == line_id,
                col(LineRow.handled_at).is_(None),
            )
            .values(handled_by=by, handled_at=at, outcome=outcome)
            .returning(col(LineRow.id))
        )
        return self._session.exec(statement).first() is not None

    def get_line(self, line_id: LineId) -> tuple[Digest, Line] | None:
        """Return a line and its digest."""
        query = select(LineRow).where(LineRow.team_id == self._team, LineRow.id == line_id)
        row = self._session.exec(query).first()
        digest = None if row is None else self.get(DigestId(row.digest_id))
        if row is None or digest is None:
            return None
        return digest, _line(row)

    def lock_line(self, line_id: LineId) -> tuple[Digest, Line] | None:
        """Lock a line until the transaction ends, and return it with its digest."""
        return next(iter(self._lines(col(LineRow.id) == line_id)), None)

    def open_lines(
        self, since: datetime, *, entry: EntryId | None = None, gap: GapId | None = None
    ) -> list[tuple[Digest, Line]]:
        """Return the unhandled lines about an entry or a gap, in digests built since then."""
        which = [col(LineRow.handled_at).is_(None), col(DigestRow.built_at) >= since]
        if entry is not None:
            which.append(col(LineRow.entry_id) == entry)
        if gap is not None:
            which.append(col(LineRow.gap_id) == gap)
        return self._lines(*which)

    def lines_of(self, gap: GapId) -> list[tuple[Digest, Line]]:
        """Return all lines about a gap, handled or not."""
        return self._lines(col(LineRow.gap_id) == gap)

    def listed_gaps(self, gaps: Sequence[GapId]) -> frozenset[GapId]:
        """Return those of these paths that a posted digest listed."""
        if not gaps:
            return frozenset()
        query = (
            select(LineRow.gap_id)
            .join(DigestRow, col(DigestRow.id) == LineRow.digest_id)
            .where(
                LineRow.team_id == self._team,
                col(LineRow.gap_id).in_(gaps),
                DigestRow.team_id == self._team,
                col(DigestRow.ts).is_not(None),
            )
        )
        return frozenset(GapId(gap) for gap in self._session.exec(query) if gap is not None)

    def set_facts(self, line_id: LineId, facts: Mapping[str, Any]) -> None:
        """Replace the facts of a line."""
        self._session.exec(
            update(LineRow)
            .where(col(LineRow.team_id) == self._team, col(LineRow.id) == line_id)
            .values(facts=dict(facts))
        )

    def reopen(self, line_id: LineId) -> None:
        """Mark a line as not handled."""
        self._session.exec(
            update(LineRow)
            .where(col(LineRow.team_id) == self._team, col(LineRow.id) == line_id)
            .values(handled_by=None, handled_at=None, outcome="")
        )

    def _query(self) -> "SelectOfScalar[DigestRow]":
        return select(DigestRow).where(DigestRow.team_id == self._team)

    def _lines(self, *which: ColumnElement[bool]) -> list[tuple[Digest, Line]]:
        query = (
            select(LineRow.id)
            .join(DigestRow, col(DigestRow.id) == LineRow.digest_id)
            .where(LineRow.team_id == self._team, DigestRow.team_id == self._team, *which)
            .order_by(col(LineRow.id))
        )
        # All callers change the lines. With the lock, each sees what the other changed.
        ids = list(self._session.exec(query.with_for_update(of=LineRow)))
        lines = [self.get_line(LineId(line_id)) for line_id in ids if line_id is not None]
        return [line for line in lines if line is not None]

    def _read(self, query: "SelectOfScalar[DigestRow]") -> list[Digest]:
        rows = list(self._session.exec(query))
        built = [row.id for row in rows if row.built_at is not None]
        if not built:
            return [_digest(row, {}) for row in rows]
        lines: dict[int, list[Line]] = defaultdict(list)
        params = {"team": self._team, "digests": built}
        for line in self._session.exec(_LINES, params=params):
            lines[line.digest_id].append(_line(line))
        return [_digest(row, lines) for row in rows]


def _digest(row: DigestRow, lines: Mapping[int, Sequence[Line]]) -> Digest:
    assert row.id is not None
    order = {section: place for place, section in enumerate(Section)}
    own = sorted(lines.get(row.id, ()), key=lambda line: (order[line.section], line.position))
    return Digest(
        id=DigestId(row.id),
        team=TeamId(row.team_id),
        channel=ChannelId(row.channel),
        period=row.period,
        due_at=row.due_at,
        built_at=row.built_at,
        figures=row.figures,
        lines=tuple(own),
        ts=row.ts,
    )


def _line(row: LineRow) -> Line:
    assert row.id is not None
    return Line(
        id=LineId(row.id),
        section=Section(row.section),
        position=row.position,
        entry=None if row.entry_id is None else EntryId(row.entry_id),
        gap=None if row.gap_id is None else GapId(row.gap_id),
        facts=row.facts,
        handled_by=None if row.handled_by is None else UserId(row.handled_by),
        handled_at=row.handled_at,
        outcome=row.outcome,
    )
