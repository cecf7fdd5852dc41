"""The contents of digests, which the database selects and reads at one moment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.approval import Proposal
from bot.domain.digests import Digest, Section
from bot.domain.entries import ChannelId, Entry, EntryId
from bot.domain.gaps import Gap, GapId
from bot.domain.prompt_rules import GAP_KEPT
from bot.domain.workspaces import Channel
from bot.usecases.steps.budgets import tally_prompts
from bot.usecases.steps.reviewers import ReviewerFacts
from storage.digest_entries import Cutoffs, SectionEntries
from storage.digest_gaps import GapWindow, ListedGaps
from storage.store import Transaction
from storage.uses import FailingUse

WEEK: Final = timedelta(days=7)
# A channel's first digest lists gaps that came up within this time; later digests list those that
# came up since the one before.
_FRESH: Final = timedelta(days=28)
# A message is considered at most this long after it was written.
_CONSIDERED_WITHIN: Final = timedelta(days=1)
# A digest and its thread list at most this many lines of a section.
MOST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The contents of a channel's digest at one moment.

    `previous`: the last digest that was posted there; None before the first. `gaps` are the first
    of `gaps_total`; those in `listed_before` were in an earlier digest. `picked`: the entries of
    each section. The other values are about all entries that were read together: `entries`, their
    `proposals`, and their `wrong` uses, which deviated or failed. Everyone may see into the
    `open_channels`.
    """

    channel: Channel
    marks: Cutoffs
    figures: Mapping[str, int]
    previous: Digest | None
    gaps: tuple[Gap, ...]
    gaps_total: int
    listed_before: frozenset[GapId]
    picked: Mapping[Section, SectionEntries]
    entries: Mapping[EntryId, Entry]
    proposals: Mapping[EntryId, list[Proposal]]
    wrong: Mapping[EntryId, FailingUse]
    open_channels: frozenset[ChannelId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsAtOnce:
    """The contents of several channels' digests at one moment.

    `reviewer_facts`: the facts that decide who has to review the due entries. `last_act`: the
    number of the last audited act.
    """

    contents: tuple[Contents, ...]
    reviewer_facts: ReviewerFacts
    last_act: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lists:
    marks: Cutoffs
    gaps: ListedGaps
    picked: Mapping[Section, SectionEntries]


def read_contents(
    tx: Transaction, channels: Sequence[Channel], due_at: datetime, now: datetime
) -> ContentsAtOnce:
    """Read what the digests of channels list; at most `MOST` gaps or entries of each section.

    Each statement reads for all the channels, because the round trips take most of the time.
    """
    last = tx.audit.last()
    places = [channel.id for channel in channels]
    previous = tx.digests.last_posted(places, due_at)
    lists = _lists(tx, places, previous, now)
    picked = [section for listed in lists.values() for section in listed.picked.items()]
    ids = [entry for _, section_entries in picked for entry in section_entries.entries]
    due = [
        entry
        for section, section_entries in picked
        for entry in section_entries.entries
        if section in (Section.OWNER_GONE, Section.DUE)
    ]
    entries = tx.entries.by_ids(ids)
    reviewer_facts = ReviewerFacts.of(tx, (entries[entry] for entry in due))
    proposals = tx.proposals.waiting_by_entry(ids) if ids else {}
    wrong = tx.uses.latest_failing(ids) if ids else {}
    gaps = [gap.id for listed in lists.values() for gap in listed.gaps.gaps]
    listed_before = tx.digests.listed_gaps(gaps)
    figures = _figures(tx, places, now)
    contents = tuple(
        Contents(
            channel=channel,
            marks=lists[channel.id].marks,
            figures=figures[channel.id],
            previous=previous.get(channel.id),
            gaps=lists[channel.id].gaps.gaps,
            gaps_total=lists[channel.id].gaps.total,
            listed_before=listed_before,
            picked=lists[channel.id].picked,
            entries=entries,
            proposals=proposals,
            wrong=wrong,
            open_channels=reviewer_facts.open_channels,
        )
        for channel in channels
    )
    return ContentsAtOnce(
        contents=contents, reviewer_facts=reviewer_facts, last_act=last.number if last else 0
    )


def _lists(
    tx: Transaction,
    channels: Sequence[ChannelId],
    previous: Mapping[ChannelId, Digest],
    now: datetime,
) -> Mapping[ChannelId, _Lists]:
    """Read what is listed of channels; those whose last digests were built together, at once."""
    built_together: dict[datetime | None, list[ChannelId]] = defaultdict(list)
    for channel in channels:
        last = previous.get(channel)
        built_together[last.built_at if last else None].append(channel)
    lists = {}
    for built_at, group in built_together.items():
        marks = _marks(built_at, now)
        came_up = _came_up(
            built_at,
            [previous[channel_before] for channel_before in group if channel_before in previous],
            now,
        )
        picked = tx.entries.for_digests(group).pick(marks, MOST)
        gaps = tx.digest_gaps.select_gaps(group, came_up, MOST)
        for channel in group:
            lists[channel] = _Lists(marks=marks, gaps=gaps[channel], picked=picked[channel])
    return lists


def _marks(built_at: datetime | None, now: datetime) -> Cutoffs:
    """Return the moments by which a digest selects; `built_at` is the last digest's."""
    week = now - WEEK
    return Cutoffs(
        now=now,
        news_since=built_at or now - _FRESH,
        changes_since=max(built_at, week) if built_at else week,
    )


def _came_up(built_at: datetime | None, previous: Sequence[Digest], now: datetime) -> GapWindow:
    """Return which gaps to list: those that came up since the last digests."""
    oldest = now - _FRESH
    if built_at is None:
        return GapWindow(since=oldest, late_since=oldest, listed_before=())
    since = max(built_at, oldest)
    listed = [line.gap for digest in previous for line in digest.lines if line.gap is not None]
    return GapWindow(since=since, late_since=since - _CONSIDERED_WITHIN, listed_before=listed)


def _figures(
    tx: Transaction, channels: Sequence[ChannelId], now: datetime
) -> Mapping[ChannelId, dict[str, int]]:
    homes, since = tx.entries.for_digests(channels), now - WEEK
    tally, uses = homes.tally(now), homes.uses_since(since)
    gaps = tx.digest_gaps.count(channels, now - GAP_KEPT)
    prompts = tally_prompts(tx, channels, now)
    return {
        channel: {
            "entries": tally[channel].in_force,
            "uses": uses[channel].total,
            "gaps": gaps[channel],
            "due": tally[channel].due,
            **prompts[channel].figures,
        }
        for channel in channels
    }
