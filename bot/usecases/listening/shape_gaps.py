"""Correct how threads are grouped: rename a gap, merge two, or split a thread off.

A gap that a person corrected keeps its name and its threads. Only new threads join it. A name that
no person chose is made again if a message of the gap is edited or deleted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.digests import Section
from bot.domain.entries import TeamId
from bot.domain.errors import InvalidInputError, NotFoundError
from bot.domain.field_values import clean, is_blank
from bot.domain.gaps import Gap, GapId, GapState, NewGap
from bot.domain.prompt_rules import GAP_KEPT
from bot.domain.visibility import Reader
from bot.usecases.steps.gaps import GAP_CLOSED, load_gap, update_gap_lines
from bot.usecases.steps.listening import Permalink, title_of_gap, update_gap
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.secrets import refuse_secrets
from bot.usecases.steps.settled_lines import settle_lines
from storage.store import Store, Transaction

LONGEST_TITLE: Final = 60
# A select takes 100 options.
_OTHERS: Final = 100
_MERGED: Final = "merged with another gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaping:
    """A gap to correct, and the other gaps of its channel, with which it can be merged."""

    gap: Gap
    others: tuple[Gap, ...]


def read_shaping(
    store: Store, team: TeamId, gap_id: GapId, *, reader: Reader, now: datetime
) -> Shaping:
    """Return a gap that this person may correct.

    Raises:
        NotFoundError: there isn't one in their channels, or someone has recorded or dismissed it.
        NotAllowedError: the person is a guest or belongs to another organization.
    """
    require_member(reader)
    with store.read(team) as tx:
        gap = _load_open(tx, reader, gap_id)
        gaps = tx.gaps.recurring([gap.channel], now - GAP_KEPT, 1, limit=_OTHERS)
    return Shaping(gap=gap, others=tuple(other for other in gaps if other.id != gap.id))


def rename_gap(
    store: Store, team: TeamId, gap_id: GapId, title: str, *, reader: Reader, now: datetime
) -> Gap:
    """Give a gap the name that a person chose.

    Raises:
        InvalidInputError: the name is empty, too long or has a secret in it.
        NotFoundError, NotAllowedError: as in `read_shaping`.
    """
    require_member(reader)
    title = " ".join(clean(title).split())
    if is_blank(title) or len(title) > LONGEST_TITLE:
        reason = f"Give the gap a name of at most {LONGEST_TITLE} characters."
        raise InvalidInputError(reason, {"title": reason})
    refuse_secrets({"title": title})
    with store.transaction(team) as tx:
        _lock(tx, gap_id)
        gap = _load_open(tx, reader, gap_id)
        tx.gaps.retitle(gap_id, title, renamed=True)
        update_gap_lines(tx, gap_id, now)
        _audit(tx, reader, "gap_renamed", gap, now)
    return gap


def merge_gaps(
    store: Store,
    team: TeamId,
    gap_id: GapId,
    other_id: GapId,
    *,
    reader: Reader,
    permalink: Permalink,
    now: datetime,
) -> Gap:
    """Move all threads of another gap into a gap, which keeps its name.

    Raises:
        NotFoundError, NotAllowedError: as in `read_shaping`, about either gap.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        _lock(tx, gap_id, other_id)
        gap, other = _load_open(tx, reader, gap_id), _load_open(tx, reader, other_id)
        if gap.channel != other.channel or gap.id == other.id:
            raise NotFoundError("Only two gaps of one channel can be merged.")
        threads = tx.channel_threads(gap.channel)
        threads.set_gap(threads.members([other.id])[other.id], gap.id)
        tx.gaps.move_searches(other.id, gap.id)
        tx.gaps.keep_threads(gap.id)
        settle_lines(tx, [Section.GAPS], by=reader.user, outcome=_MERGED, now=now, gap=other.id)
        for each in (gap.id, other.id):
            update_gap(tx, gap.channel, each, permalink)
        update_gap_lines(tx, gap.id, now)
        _audit(tx, reader, "gap_merged", gap, now)
    return gap


def split_gap(
    store: Store,
    team: TeamId,
    gap_id: GapId,
    thread_ts: str,
    *,
    reader: Reader,
    permalink: Permalink,
    now: datetime,
) -> Gap:
    """Take a thread out of a gap; it becomes a gap of its own, so that it doesn't come back.

    Raises:
        InvalidInputError: the thread isn't in the gap any more.
        NotFoundError, NotAllowedError: as in `read_shaping`.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        _lock(tx, gap_id)
        gap = _load_open(tx, reader, gap_id)
        part = tuple(found for found in gap.occurrences if found.thread_ts == thread_ts)
        if not part or len(part) == len(gap.occurrences):
            reason = "This thread isn't in the gap any more. Close the form and open it again."
            raise InvalidInputError(reason, {"thread": reason})
        title = title_of_gap(part)
        new = tx.gaps.add(NewGap(channel=gap.channel, act=gap.act, title=title, occurrences=part))
        tx.channel_threads(gap.channel).set_gap([thread_ts], new)
        for each in (gap.id, new):
            tx.gaps.keep_threads(each)
            update_gap(tx, gap.channel, each, permalink)
        update_gap_lines(tx, gap.id, now)
        _audit(tx, reader, "gap_split", gap, now)
    return gap


def _lock(tx: Transaction, *gaps: GapId) -> None:
    """Lock the channel of gaps, and then the gaps, as a thread does that is compared with others.

    The gaps in the order of their ids, so that two people who merge them don't wait for each other.
    """
    found = tx.gaps.get(gaps[0])
    if found is not None:
        tx.channels.get(found.channel, lock=True)
    for gap_id in sorted(set(gaps)):
        tx.gaps.get(gap_id, lock=True)


def _load_open(tx: Transaction, reader: Reader, gap_id: GapId) -> Gap:
    gap = load_gap(tx, reader, gap_id)
    if gap.state is not GapState.OPEN:
        raise NotFoundError(GAP_CLOSED)
    return gap


def _audit(tx: Transaction, reader: Reader, action: str, gap: Gap, now: datetime) -> None:
    tx.audit.add(reader.user, action, f"gap-{gap.id}", {"channel": gap.channel}, now)
