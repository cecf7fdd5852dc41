"""Undocumented paths: what keeps coming back and no entry covers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.digests import NOT_RECURRING, Section
from bot.domain.entries import TeamId
from bot.domain.errors import NotFoundError
from bot.domain.gaps import RECURRING, Gap, GapId, GapState
from bot.domain.prompt_rules import GAP_KEPT
from bot.domain.visibility import Reader
from bot.usecases.steps.gaps import DEALT_WITH, see_gap
from bot.usecases.steps.permissions import require_member, require_served
from bot.usecases.steps.settled_lines import reopen_lines, strike
from storage.store import Store

_SHOWN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """The undocumented paths that are shown, and how many more there are."""

    gaps: tuple[Gap, ...]
    more: int


def gaps(store: Store, team: TeamId, *, reader: Reader, now: datetime) -> Gaps:
    """What recurs in the reader's channels and was never written down, most threads first.

    Raises:
        NotAllowedError: the reader is of another organisation.
    """
    require_served(reader)
    with store.read(team) as tx:
        which = (reader.channels, now - GAP_KEPT, RECURRING)
        found = tx.gaps.recurring(*which, limit=_SHOWN)
        count = tx.gaps.count_recurring(*which) if len(found) == _SHOWN else len(found)
    return Gaps(gaps=tuple(found), more=count - len(found))


def dismiss_gap(store: Store, team: TeamId, gap_id: GapId, *, reader: Reader, now: datetime) -> Gap:
    """Say that a path is not recurring; it stays away for good. Doing so twice is as once.

    Raises:
        NotFoundError: there is none in the reader's channels, or it was recorded meanwhile.
        NotAllowedError: a guest, or of another organisation.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        # Whoever records it in the same moment is waited for, and not undone.
        tx.gaps.get(gap_id, lock=True)
        gap = see_gap(tx, reader, gap_id)
        if gap.state is GapState.RECORDED:
            raise NotFoundError(DEALT_WITH)
        if gap.state is GapState.OPEN:
            tx.gaps.set_state(gap_id, GapState.DISMISSED)
            strike(
                tx,
                [Section.GAPS],
                by=reader.user,
                outcome=NOT_RECURRING,
                now=now,
                gap=gap_id,
            )
            tx.audit.add(
                reader.user, "gap_dismissed", f"gap-{gap_id}", {"channel": gap.channel}, now
            )
        return gap


def reopen_gap(store: Store, team: TeamId, gap_id: GapId, *, reader: Reader, now: datetime) -> Gap:
    """Take back that a gap was dismissed: it is listed and counted again. Twice is as once.

    Raises:
        NotFoundError: there is none in the reader's channels, or it was recorded since.
        NotAllowedError: a guest, or of another organization.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        # If someone records it at the same moment, this waits for them.
        tx.gaps.get(gap_id, lock=True)
        gap = see_gap(tx, reader, gap_id)
        if gap.state is GapState.RECORDED:
            raise NotFoundError(DEALT_WITH)
        if gap.state is GapState.DISMISSED:
            tx.gaps.set_state(gap_id, GapState.OPEN)
            reopen_lines(tx, gap_id, now)
            tx.audit.add(
                reader.user, "gap_reopened", f"gap-{gap_id}", {"channel": gap.channel}, now
            )
        return gap


def read_gap(store: Store, team: TeamId, gap_id: GapId, *, reader: Reader) -> Gap:
    """A path that this person may record.

    Raises:
        NotFoundError: there is none in their channels, or it was dealt with meanwhile.
        NotAllowedError: a guest, or of another organisation.
    """
    require_member(reader)
    with store.read(team) as tx:
        gap = see_gap(tx, reader, gap_id)
    if gap.state is not GapState.OPEN:
        raise NotFoundError(DEALT_WITH)
    return gap
