"""Digests: claimed once a period, built, posted, and handled line by line."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, delete, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.digests import Digest, DigestId, Line, LineId, Section
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.gaps import GapId
from storage.aggregate import TEAM, Queries, table_of
from storage.tables.digests import DigestRow, LineRow

NewLine = tuple[Section, EntryId | None, GapId | None, Mapping[str, Any]]

_PLANNED = col(DigestRow.built_at).is_(None)
_LINES: Final = (
    select(LineRow)
    .where(
        LineRow.team_id == TEAM, col(LineRow.digest_id).in_(bindparam("digests", expanding=True))
    )
    .order_by(col(LineRow.id))
)


class Digests(Queries):
    """The digests of a workspace."""

    def claim(
        self, channel: ChannelId, period: str, due_at: datetime, at: datetime
    ) -> Digest | None:
        """The new digest of a period, ours to build; None if that period has one."""
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
        return None if found is None else self.get(DigestId(found[0]))

    def get(self, digest_id: DigestId, *, lock: bool = False) -> Digest | None:
        """The digest with its lines, section by section. `lock`: nobody else builds it."""
        query = self._query().where(DigestRow.id == digest_id)
        return next(iter(self._read(query.with_for_update() if lock else query)), None)

    def has(self, channel: ChannelId, period: str) -> bool:
        """Whether a period has its digest, built or planned."""
        query = select(DigestRow.id).where(
            DigestRow.team_id == self._team,
            DigestRow.channel == channel,
            DigestRow.period == period,
        )
        return self._session.exec(query).first() is not None

    def next_planned(self, channel: ChannelId) -> Digest | None:
        """The channel's next digest: claimed and not built yet."""
        query = self._query().where(DigestRow.channel == channel, _PLANNED)
        return next(iter(self._read(query.order_by(col(DigestRow.due_at)).limit(1))), None)

    def unplan(self, channel: ChannelId) -> None:
        """Take back what was claimed for the channel and not built."""
        self._session.exec(
            delete(DigestRow).where(
                col(DigestRow.team_id) == self._team, col(DigestRow.channel) == channel, _PLANNED
            )
        )

    def due(self, now: datetime) -> list[Digest]:
        """What is to be built now, over all channels; the longest due first."""
        query = self._query().where(_PLANNED, DigestRow.due_at <= now)
        return self._read(query.order_by(col(DigestRow.due_at), col(DigestRow.id)))

    def of(self, channel: ChannelId, limit: int) -> list[Digest]:
        """The digests of a channel, the latest first."""
        query = self._query().where(DigestRow.channel == channel)
        return self._read(query.order_by(col(DigestRow.due_at).desc()).limit(limit))

    def previous(self, channel: ChannelId, before_due: datetime) -> Digest | None:
        """The channel's last digest that was due before and was built."""
        query = self._query().where(
            DigestRow.channel == channel, DigestRow.due_at < before_due, ~_PLANNED
        )
        found = self._read(query.order_by(col(DigestRow.due_at).desc()).limit(1))
        return found[0] if found else None

    def last_posted(
        self, channel: ChannelId, before_due: datetime, *, weekly: bool = False
    ) -> Digest | None:
        """The channel's last digest that was due before and was posted.

        `weekly`: leave out what somebody asked for in between.
        """
        query = self._query().where(
            DigestRow.channel == channel,
            DigestRow.due_at < before_due,
            col(DigestRow.ts).is_not(None),
        )
        if weekly:
            query = query.where(~col(DigestRow.period).contains("T"))
        found = self._read(query.order_by(col(DigestRow.due_at).desc()).limit(1))
        return found[0] if found else None

    def build(
        self,
        digest_id: DigestId,
        figures: Mapping[str, int],
        lines: Sequence[NewLine],
        at: datetime,
    ) -> None:
        """Keep what the digest says. Building it again replaces all of it."""
        self._change(digest_id, figures=dict(figures), built_at=at)
        self._session.exec(
            delete(LineRow).where(
                col(LineRow.team_id) == self._team, col(LineRow.digest_id) == digest_id
            )
        )
        places: Counter[Section] = Counter()
        rows = []
        for section, entry, gap, facts in lines:
            rows.append(
                {
                    "team_id": self._team,
                    "digest_id": digest_id,
                    "section": section.value,
                    "position": places[section],
                    "entry_id": entry,
                    "gap_id": gap,
                    "facts": dict(facts),
                    "outcome": "",
                }
            )
            places[section] += 1
        if rows:
            self._session.connection().execute(table_of(LineRow).insert(), rows)

    def mark_posted(self, digest_id: DigestId, ts: str) -> None:
        """It stands in the channel as the message `ts`."""
        self._change(digest_id, ts=ts)

    def handle(self, line_id: LineId, by: UserId, at: datetime, outcome: str) -> bool:
        """Keep who dealt with a line first; False if somebody has."""
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
        """A line and the digest that it stands in."""
        query = select(LineRow).where(LineRow.team_id == self._team, LineRow.id == line_id)
        row = self._session.exec(query).first()
        digest = None if row is None else self.get(DigestId(row.digest_id))
        if row is None or digest is None:
            return None
        return digest, _line(row)

    def lock_line(self, line_id: LineId) -> tuple[Digest, Line] | None:
        """Return a line and its digest; no one else changes the line until the transaction ends."""
        return next(iter(self._lines(col(LineRow.id) == line_id)), None)

    def open_lines(
        self, since: datetime, *, entry: EntryId | None = None, gap: GapId | None = None
    ) -> list[tuple[Digest, Line]]:
        """Return the lines about an entry or a path that no one handled, in digests built since."""
        which = [col(LineRow.handled_at).is_(None), col(DigestRow.built_at) >= since]
        if entry is not None:
            which.append(col(LineRow.entry_id) == entry)
        if gap is not None:
            which.append(col(LineRow.gap_id) == gap)
        return self._lines(*which)

    def lines_of(self, gap: GapId) -> list[tuple[Digest, Line]]:
        """Return every line about a path, handled or not."""
        return self._lines(col(LineRow.gap_id) == gap)

    def listed_gaps(self, channel: ChannelId, gaps: Sequence[GapId]) -> frozenset[GapId]:
        """Return those of these paths that a posted digest of the channel listed."""
        query = (
            select(LineRow.gap_id)
            .join(DigestRow, col(DigestRow.id) == LineRow.digest_id)
            .where(
                LineRow.team_id == self._team,
                col(LineRow.gap_id).in_(gaps),
                DigestRow.team_id == self._team,
                DigestRow.channel == channel,
                col(DigestRow.ts).is_not(None),
            )
        )
        return frozenset(GapId(found) for found in self._session.exec(query) if found is not None)

    def set_facts(self, line_id: LineId, facts: Mapping[str, Any]) -> None:
        """Replace the facts of a line: what it rests on changed."""
        self._session.exec(
            update(LineRow)
            .where(col(LineRow.team_id) == self._team, col(LineRow.id) == line_id)
            .values(facts=dict(facts))
        )

    def reopen(self, line_id: LineId) -> None:
        """Take back that someone handled a line."""
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
        # Whoever asks changes them: two who do so at once see what the other did.
        ids = list(self._session.exec(query.with_for_update(of=LineRow)))
        found = [self.get_line(LineId(line_id)) for line_id in ids if line_id is not None]
        return [line for line in found if line is not None]

    def _change(self, digest_id: DigestId, **values: object) -> None:
        self._session.exec(
            update(DigestRow)
            .where(col(DigestRow.team_id) == self._team, col(DigestRow.id) == digest_id)
            .values(**values)
        )

    def _read(self, query: "SelectOfScalar[DigestRow]") -> list[Digest]:
        rows = list(self._session.exec(query))
        if not rows:
            return []
        lines: dict[int, list[Line]] = defaultdict(list)
        params = {"team": self._team, "digests": [row.id for row in rows]}
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
