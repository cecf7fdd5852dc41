"""Conversion of entry rows to entries, with their revision in force, uses and evidence."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from bot.domain.certification import DueReason
from bot.domain.entries import (
    ChannelId,
    Entry,
    EntryId,
    Evidence,
    EvidenceState,
    Key,
    Outcome,
    State,
    TeamId,
    UseCounts,
    UserId,
)
from bot.domain.kinds import Kind
from bot.domain.revisions import Change, Content, Effect, Revision
from storage.aggregate import IDS, TEAM, batches, untracked
from storage.due_reasons import reasons_of
from storage.tables.entries import EntryRow, EvidenceRow, LandingRow, RevisionRow, UseRow

WITH_REVISION: Final = select(untracked(EntryRow), untracked(RevisionRow)).join(
    RevisionRow,
    and_(
        col(RevisionRow.team_id) == EntryRow.team_id,
        col(RevisionRow.entry_id) == EntryRow.id,
        col(RevisionRow.number) == EntryRow.revision,
    ),
)


def with_revision(team: TeamId) -> "Select[EntryRow, RevisionRow]":
    """Return a query for a workspace's entries with their revisions in force."""
    return WITH_REVISION.where(EntryRow.team_id == team)


def entries_of(
    session: Session,
    team: TeamId,
    query: "Select[EntryRow, RevisionRow]",
    params: Mapping[str, object] | None = None,
) -> list[Entry]:
    """Return the entries that a query from `with_revision` finds, in its order."""
    rows = [(entry, revision) for entry, revision in session.exec(query, params=params)]
    return [entry for batch in batches(session, rows) for entry in _entries(session, team, batch)]


def _entries(
    session: Session, team: TeamId, rows: Sequence[tuple[EntryRow, RevisionRow]]
) -> list[Entry]:
    ids = [id_of(entry) for entry, _ in rows]
    uses = _uses(session, team, ids)
    evidence = _evidence(session, team, ids)
    reasons = reasons_of(session, team, ids)
    return [
        _entry(
            entry,
            revision,
            uses[id_of(entry)],
            evidence=tuple(evidence[id_of(entry)]),
            reasons=tuple(reasons[id_of(entry)]),
        )
        for entry, revision in rows
    ]


def id_of(row: EntryRow) -> EntryId:
    """Return the id of a row that was flushed."""
    assert row.id is not None
    return EntryId(row.id)


def revision_of(row: RevisionRow) -> Revision:
    """Convert a row to a revision."""
    return Revision(
        number=row.number,
        content=Content(kind=Kind(row.kind), values=row.content),
        author=row.author,
        at=row.at,
        note=row.note,
        change=Change(row.change),
        effect=Effect(row.effect),
        superseded_by=row.superseded_by,
    )


def evidence_of(row: EvidenceRow) -> Evidence:
    """Convert a row to evidence."""
    return Evidence(
        channel=ChannelId(row.channel),
        ts=row.ts,
        permalink=row.permalink,
        author=UserId(row.author),
        excerpt=row.excerpt,
        state=EvidenceState(row.state),
    )


def uses_from(counts: Mapping[str, int]) -> UseCounts:
    """Convert counts by outcome to `UseCounts`."""
    return UseCounts(**{outcome.value: counts.get(outcome.value, 0) for outcome in Outcome})


def is_due(now: datetime) -> ColumnElement[bool]:
    """Match entries that are due for review: their date has come, or they have a due reason."""
    return or_(col(EntryRow.due_at) <= now, col(EntryRow.flagged_at).is_not(None))


def is_landed_revision() -> ColumnElement[bool]:
    """Match the revision that came into force with a landing."""
    return and_(
        col(RevisionRow.team_id) == LandingRow.team_id,
        col(RevisionRow.entry_id) == LandingRow.entry_id,
        col(RevisionRow.number) == LandingRow.revision,
    )


# The last landing that changed an entry's text. A new owner or backup is no change.
_WRITINGS: Final = (
    select(func.max(LandingRow.revision))
    .join(RevisionRow, is_landed_revision())
    .where(col(RevisionRow.change).not_in([Change.OWNER.value, Change.BACKUP.value]))
)
# The uses of an entry since its text last changed. The first condition looks up the change for each
# use, the second once for each entry, which is faster if most uses of few entries are read.
IS_USE_OF_CURRENT_TEXT: Final = col(UseRow.revision) >= (
    _WRITINGS.where(
        col(LandingRow.team_id) == UseRow.team_id, col(LandingRow.entry_id) == UseRow.entry_id
    )
    .correlate(UseRow)
    .scalar_subquery()
)
WRITTEN: Final = (
    _WRITINGS.with_only_columns(
        col(LandingRow.entry_id), func.max(LandingRow.revision).label("revision")
    )
    .where(col(LandingRow.team_id) == TEAM, col(LandingRow.entry_id).in_(IDS))
    .group_by(col(LandingRow.entry_id))
    .subquery("written")
)
IS_USE_SINCE_WRITTEN: Final = and_(
    col(UseRow.entry_id) == WRITTEN.c.entry_id, col(UseRow.revision) >= WRITTEN.c.revision
)


def _entry(
    row: EntryRow,
    revision: RevisionRow,
    uses: UseCounts,
    *,
    evidence: tuple[Evidence, ...],
    reasons: tuple[DueReason, ...],
) -> Entry:
    return Entry(
        id=id_of(row),
        team=TeamId(row.team_id),
        key=Key(kind=Kind(row.kind), number=row.number),
        state=State(row.state),
        home=ChannelId(row.home),
        revision=revision_of(revision),
        created_at=row.created_at,
        due_at=row.due_at,
        certified_at=row.certified_at,
        certified_by=None if row.certified_by is None else UserId(row.certified_by),
        thread_ts=row.thread_ts,
        uses=uses,
        evidence=evidence,
        in_force_since=row.changed_at,
        reasons=reasons,
    )


_USES: Final[Any] = (
    select(UseRow.entry_id, UseRow.outcome, func.count())
    .join(WRITTEN, IS_USE_SINCE_WRITTEN)
    .where(UseRow.team_id == TEAM, col(UseRow.entry_id).in_(IDS))
    .group_by(col(UseRow.entry_id), col(UseRow.outcome))
)


def _uses(session: Session, team: TeamId, ids: Sequence[EntryId]) -> Mapping[EntryId, UseCounts]:
    """Return how often each entry was used since its text last changed."""
    counts: dict[EntryId, dict[str, int]] = defaultdict(dict)
    for entry_id, outcome, count in session.exec(_USES, params={"team": team, "ids": ids}):
        counts[entry_id][outcome] = count
    return defaultdict(
        UseCounts, {entry_id: uses_from(outcomes) for entry_id, outcomes in counts.items()}
    )


_EVIDENCE: Final = (
    select(EvidenceRow)
    .where(EvidenceRow.team_id == TEAM, col(EvidenceRow.entry_id).in_(IDS))
    .order_by(col(EvidenceRow.ts))
)


def _evidence(
    session: Session, team: TeamId, ids: Sequence[EntryId]
) -> Mapping[EntryId, list[Evidence]]:
    evidence: dict[EntryId, list[Evidence]] = defaultdict(list)
    for row in session.exec(_EVIDENCE, params={"team": team, "ids": ids}):
        evidence[EntryId(row.entry_id)].append(evidence_of(row))
    return evidence
