"""The contents of a digest: the database selects what is listed, and reads it at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.approval import Proposal
from bot.domain.digests import Digest, Section
from bot.domain.entries import Entry, EntryId
from bot.domain.gaps import Gap, GapId
from bot.domain.prompt_rules import GAP_KEPT
from bot.domain.workspaces import Channel
from bot.usecases.steps.reviewers import Asking
from storage.digest_entries import Cutoffs, SectionEntries
from storage.digest_gaps import GapWindow
from storage.store import Transaction
from storage.uses import FailingUse

WEEK: Final = timedelta(days=7)
# The first digest of a channel lists what came up within this time; a later one, what came up since
# the digest before it.
_FRESH: Final = timedelta(days=28)
# A message is considered at most this long after it was written.
_CONSIDERED_WITHIN: Final = timedelta(days=1)
# A digest and its thread list at most this many lines of a section.
MOST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a digest of a channel lists at one moment.

    `previous`: the last digest that was posted there; None before the first. `gaps` are the first
    of `gaps_total`; those in `listed_before` were in an earlier digest. `picked`: the entries of
    each section. `asking`: whom the due entries wait for. `last_act`: the number of the last
    audited act.
    """

    channel: Channel
    marks: Cutoffs
    figures: dict[str, int]
    previous: Digest | None
    gaps: tuple[Gap, ...]
    gaps_total: int
    listed_before: frozenset[GapId]
    picked: Mapping[Section, SectionEntries]
    entries: Mapping[EntryId, Entry]
    proposals: Mapping[EntryId, list[Proposal]]
    wrong: Mapping[EntryId, FailingUse]
    asking: Asking
    last_act: int


def read_contents(tx: Transaction, channel: Channel, due_at: datetime, now: datetime) -> Contents:
    """Read what a channel's digest lists; at most `MOST` gaps or entries of each section."""
    last = tx.audit.last()
    previous = tx.digests.last_posted(channel.id, due_at)
    marks = _marks(previous, now)
    home = tx.entries.for_digest(channel.id)
    of_entries = [section for section in Section if section is not Section.GAPS]
    picked: dict[Section, SectionEntries] = {
        section: home.pick(section, marks, MOST) for section in of_entries
    }
    ids = [entry for found in picked.values() for entry in found.entries]
    entries = tx.entries.by_ids(ids)
    gaps, gaps_total = tx.digest_gaps.select_gaps(channel.id, _came_up(previous, now), MOST)
    due = [*picked[Section.OWNER_GONE].entries, *picked[Section.DUE].entries]
    return Contents(
        channel=channel,
        marks=marks,
        figures=_figures(tx, channel, now),
        previous=previous,
        gaps=gaps,
        gaps_total=gaps_total,
        listed_before=tx.digests.listed_gaps(channel.id, [gap.id for gap in gaps]),
        picked=picked,
        entries=entries,
        proposals=tx.proposals.waiting_by_entry(ids) if ids else {},
        wrong=tx.uses.latest_failing(ids) if ids else {},
        asking=Asking.of(tx, (entries[entry] for entry in due)),
        last_act=last.number if last else 0,
    )


def _marks(previous: Digest | None, now: datetime) -> Cutoffs:
    told = previous.built_at if previous else None
    week = now - WEEK
    return Cutoffs(now=now, news=told or now - _FRESH, changes=max(told, week) if told else week)


def _came_up(previous: Digest | None, now: datetime) -> GapWindow:
    """Return which gaps to list: those that came up since the last digest."""
    oldest = now - _FRESH
    if previous is None or previous.built_at is None:
        return GapWindow(since=oldest, late_since=oldest, before=())
    since = max(previous.built_at, oldest)
    listed = [line.gap for line in previous.lines if line.gap is not None]
    return GapWindow(since=since, late_since=since - _CONSIDERED_WITHIN, before=listed)


def _figures(tx: Transaction, channel: Channel, now: datetime) -> dict[str, int]:
    home, since = tx.entries.for_digest(channel.id), now - WEEK
    return {
        "entries": home.count(),
        "uses": home.uses_since(since).total,
        "gaps": tx.digest_gaps.count(channel.id, now - GAP_KEPT),
        "due": home.count_due(now),
        "prompts": tx.prompts.count_since(since, channel=channel.id),
        "accepted": tx.prompts.count_accepted_since(since, channel=channel.id),
    }
