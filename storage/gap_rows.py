"""Rows of paths and samples as paths."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.gaps import Path, PathId, PathState, Sample
from storage.aggregate import slices
from storage.tables.listening import PathRow, SampleRow


def paths_of(
    session: Session, team: TeamId, rows: Iterable[PathRow], samples: int | None
) -> list[Path]:
    """The paths of rows, each with that many samples, newest first; None gives all."""
    found = list(rows)
    if samples == 0 or not found:
        return [path_of(row.model_dump(), ()) for row in found]
    ids = [id_of(row) for row in found]
    shown: dict[PathId, list[SampleRow]] = defaultdict(list)
    for some in slices(ids):
        shown |= _samples(session, team, some, samples)
    return [path_of(row.model_dump(), shown[id_of(row)]) for row in found]


def id_of(row: PathRow) -> PathId:
    """The id of a row that was written."""
    assert row.id is not None
    return PathId(row.id)


def _samples(
    session: Session, team: TeamId, paths: Sequence[PathId], most: int | None
) -> dict[PathId, list[SampleRow]]:
    newest = func.row_number().over(
        partition_by=col(SampleRow.path_id),
        order_by=(col(SampleRow.at).desc(), col(SampleRow.ts).desc()),
    )
    ranked = (
        select(SampleRow.path_id, SampleRow.channel, SampleRow.ts, newest.label("place"))
        .where(SampleRow.team_id == team, col(SampleRow.path_id).in_(paths))
        .subquery()
    )
    query = select(SampleRow).join(
        ranked,
        (ranked.c.path_id == SampleRow.path_id)
        & (ranked.c.channel == SampleRow.channel)
        & (ranked.c.ts == SampleRow.ts),
    )
    query = query.where(SampleRow.team_id == team).order_by(ranked.c.place)
    if most is not None:
        query = query.where(ranked.c.place <= most)
    found: dict[PathId, list[SampleRow]] = defaultdict(list)
    for row in session.exec(query):
        found[PathId(row.path_id)].append(row)
    return found


def path_of(row: Mapping[Any, Any], samples: Iterable[SampleRow]) -> Path:
    """The path of a row's columns."""
    return Path(
        PathId(row["id"]),
        ChannelId(row["channel"]),
        row["act"],
        row["title"],
        row["terms"],
        row["count"],
        row["first_at"],
        row["last_at"],
        state=PathState(row["state"]),
        entry=None if row["entry_id"] is None else EntryId(row["entry_id"]),
        samples=tuple(_sample(sample) for sample in samples),
    )


def _sample(row: SampleRow) -> Sample:
    return Sample(
        ChannelId(row.channel),
        row.ts,
        row.thread_ts,
        UserId(row.author),
        row.at,
        row.permalink,
        row.excerpt,
    )
