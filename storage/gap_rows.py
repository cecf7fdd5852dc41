"""Conversion of gap and occurrence rows to gaps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.gaps import Gap, GapId, GapState, Occurrence
from storage.aggregate import batches
from storage.tables.listening import GapRow, OccurrenceRow


def gaps_of(
    session: Session, team: TeamId, rows: Iterable[GapRow], occurrences: int | None
) -> list[Gap]:
    """Return the gaps of rows, each with its newest `occurrences`, newest first; None is all."""
    gap_rows = list(rows)
    if occurrences == 0 or not gap_rows:
        return [gap_of(row.model_dump(), ()) for row in gap_rows]
    by_gap: dict[GapId, list[OccurrenceRow]] = defaultdict(list)
    for batch in batches(session, [id_of(row) for row in gap_rows]):
        by_gap |= _occurrence_rows(session, team, batch, occurrences)
    return [gap_of(row.model_dump(), by_gap[id_of(row)]) for row in gap_rows]


def id_of(row: GapRow) -> GapId:
    """Return the id of a row that was flushed."""
    assert row.id is not None
    return GapId(row.id)


def _occurrence_rows(
    session: Session, team: TeamId, gaps: Sequence[GapId], most: int | None
) -> dict[GapId, list[OccurrenceRow]]:
    newest = func.row_number().over(
        partition_by=col(OccurrenceRow.gap_id),
        order_by=(col(OccurrenceRow.at).desc(), col(OccurrenceRow.ts).desc()),
    )
    ranked = (
        select(OccurrenceRow.gap_id, OccurrenceRow.channel, OccurrenceRow.ts, newest.label("place"))
        .where(OccurrenceRow.team_id == team, col(OccurrenceRow.gap_id).in_(gaps))
        .subquery()
    )
    query = select(OccurrenceRow).join(
        ranked,
        (ranked.c.gap_id == OccurrenceRow.gap_id)
        & (ranked.c.channel == OccurrenceRow.channel)
        & (ranked.c.ts == OccurrenceRow.ts),
    )
    query = query.where(OccurrenceRow.team_id == team).order_by(ranked.c.place)
    if most is not None:
        query = query.where(ranked.c.place <= most)
    by_gap: dict[GapId, list[OccurrenceRow]] = defaultdict(list)
    for row in session.exec(query):
        by_gap[GapId(row.gap_id)].append(row)
    return by_gap


def gap_of(row: Mapping[Any, Any], occurrences: Iterable[OccurrenceRow]) -> Gap:
    """Convert a row's columns to a gap."""
    return Gap(
        id=GapId(row["id"]),
        channel=ChannelId(row["channel"]),
        act=row["act"],
        title=row["title"],
        renamed=row["renamed"],
        probability=row["probability"],
        answerer=None if row["answerer"] is None else UserId(row["answerer"]),
        threads=row["count"],
        searches=row["searches"],
        people=row["people"],
        days=row["days"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        state=GapState(row["state"]),
        entry=None if row["entry_id"] is None else EntryId(row["entry_id"]),
        occurrences=tuple(_occurrence(occurrence) for occurrence in occurrences),
    )


def _occurrence(row: OccurrenceRow) -> Occurrence:
    return Occurrence(
        channel=ChannelId(row.channel),
        ts=row.ts,
        thread_ts=row.thread_ts,
        author=UserId(row.author),
        at=row.at,
        permalink=row.permalink,
        excerpt=row.excerpt,
        answer=row.answer,
        answer_ts=row.answer_ts,
        answerer=None if row.answerer is None else UserId(row.answerer),
    )
