"""Gaps: recurring matters that no entry covers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.entries import TeamId
from bot.domain.errors import NotFoundError
from bot.domain.gaps import RECURRING, Gap, GapId, GapState
from bot.domain.prompt_rules import GAP_KEPT
from bot.domain.prompts import Prompt
from bot.domain.visibility import Reader
from bot.usecases.steps.gaps import GAP_CLOSED, close_gap, find_gap_of, load_gap
from bot.usecases.steps.permissions import require_member, require_served
from bot.usecases.steps.settled_lines import reopen_lines
from storage.store import Store

_SHOWN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """The gaps that are listed, and how many more there are."""

    gaps: tuple[Gap, ...]
    more: int


def list_gaps(store: Store, team: TeamId, *, reader: Reader, now: datetime) -> Gaps:
    """Return the open gaps in the reader's channels, those that come up most first.

    Raises:
        NotAllowedError: the reader belongs to another organization.
    """
    require_served(reader)
    with store.read(team) as tx:
        where = (reader.channels, now - GAP_KEPT, RECURRING)
        gaps = tx.gaps.recurring(*where, limit=_SHOWN)
        count = tx.gaps.count_recurring(*where) if len(gaps) == _SHOWN else len(gaps)
    return Gaps(gaps=tuple(gaps), more=count - len(gaps))


def dismiss_gap(store: Store, team: TeamId, gap_id: GapId, *, reader: Reader, now: datetime) -> Gap:
    """Dismiss a gap as not recurring; a second time does nothing.

    Raises:
        NotFoundError: there isn't one in the reader's channels, or someone has recorded it.
        NotAllowedError: the reader is a guest or belongs to another organization.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        # If someone records it at the same moment, this waits for them.
        tx.gaps.get(gap_id, lock=True)
        gap = load_gap(tx, reader, gap_id)
        if gap.state is GapState.RECORDED:
            raise NotFoundError(GAP_CLOSED)
        if gap.state is GapState.OPEN:
            close_gap(tx, gap, by=reader.user, now=now)
        return gap


def reopen_gap(store: Store, team: TeamId, gap_id: GapId, *, reader: Reader, now: datetime) -> Gap:
    """Reopen a dismissed gap, so that it is listed and counted again; a second time does nothing.

    Raises:
        NotFoundError: there isn't one in the reader's channels, or someone has recorded it.
        NotAllowedError: the reader is a guest or belongs to another organization.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        # If someone records it at the same moment, this waits for them.
        tx.gaps.get(gap_id, lock=True)
        gap = load_gap(tx, reader, gap_id)
        if gap.state is GapState.RECORDED:
            raise NotFoundError(GAP_CLOSED)
        if gap.state is GapState.DISMISSED:
            tx.gaps.set_state(gap_id, GapState.OPEN)
            reopen_lines(tx, gap_id, now)
            tx.audit.add(
                reader.user, "gap_reopened", f"gap-{gap_id}", {"channel": gap.channel}, now
            )
        return gap


def read_gap(store: Store, team: TeamId, gap_id: GapId, *, reader: Reader) -> Gap:
    """Return a gap that this person may record.

    Raises:
        NotFoundError: there isn't one in their channels, or someone has recorded or dismissed it.
        NotAllowedError: the person is a guest or belongs to another organization.
    """
    require_member(reader)
    with store.read(team) as tx:
        gap = load_gap(tx, reader, gap_id)
    if gap.state is not GapState.OPEN:
        raise NotFoundError(GAP_CLOSED)
    return gap


def find_gap(store: Store, team: TeamId, prompt: Prompt) -> Gap | None:
    """Return the gap of a prompt; None if it has none, or its messages were deleted since then."""
    with store.read(team) as tx:
        return find_gap_of(tx, prompt)
