"""The lines of a digest: one for each gap and each entry, with the facts that it states."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.approval import Proposal
from bot.domain.certification import DueReasonKind
from bot.domain.digests import Digest, Line, Section, shown_counts
from bot.domain.entries import ChannelId, Entry, EntryId, EvidenceState, UserId
from bot.domain.gaps import Gap, GapId
from bot.domain.reviewers import Waiting
from bot.domain.schedule import day_in, zone_of
from bot.domain.workspaces import Channel
from bot.usecases.steps.digest_contents import MOST, Contents

# A gap has links to this many of its messages, an entry to one.
GAP_LINKS: Final = 2

# A line before it is stored: its section, its entry or gap, and its facts. A line without either
# says how many the section leaves out.
UnstoredLine = tuple[Section, EntryId | None, GapId | None, dict[str, Any]]


def list_lines(contents: Contents, waiting: Mapping[EntryId, Waiting]) -> list[UnstoredLine]:
    """Return a digest's lines, the most urgent section first.

    `waiting`: for each due entry, who its review is waiting for.
    """
    rows: list[UnstoredLine] = [
        (Section.GAPS, None, gap.id, _gap_facts(contents, gap)) for gap in contents.gaps
    ]
    rows += _list_rest(Section.GAPS, contents.gaps_total)
    for section, picked in contents.picked.items():
        for entry_id in picked.entries:
            entry = contents.entries[entry_id]
            rows.append((section, entry_id, None, _entry_facts(contents, section, entry, waiting)))
        rows += _list_rest(section, picked.total)
    return _place_lines(rows)


def _place_lines(rows: Sequence[UnstoredLine]) -> list[UnstoredLine]:
    """Mark each line as shown in the digest itself or in its thread."""
    counts = {section: sum(row[0] is section for row in rows) for section in Section}
    space_left = dict(shown_counts(counts))
    placed: list[UnstoredLine] = []
    for section, entry, gap, facts in rows:
        in_thread = space_left[section] <= 0 or "rest" in facts
        space_left[section] -= 1
        placed.append((section, entry, gap, facts | {"thread": in_thread}))
    return placed


def _list_rest(section: Section, total: int) -> list[UnstoredLine]:
    """Return a last line that says how many more there are, if there are too many for lines."""
    return [(section, None, None, {"rest": total - MOST})] if total > MOST else []


def _gap_facts(contents: Contents, gap: Gap) -> dict[str, Any]:
    return {
        "title": gap.title,
        "act": gap.act,
        "count": gap.threads,
        "answerer": gap.answerer,
        "since": _day(contents.channel, gap.first_at, contents.marks.now),
        "links": gap_links(gap, contents.channel, contents.marks.now),
        "new": contents.previous is not None and gap.id not in contents.listed_before,
    }


def gap_links(gap: Gap, channel: Channel, now: datetime) -> list[dict[str, str]]:
    """Return the links to the latest messages of a gap, with all that says where each leads."""
    return [
        {
            "url": occurrence.permalink,
            "channel": gap.channel,
            "day": _day(channel, occurrence.at, now),
            "author": occurrence.author,
        }
        for occurrence in gap.occurrences[:GAP_LINKS]
    ]


def _entry_facts(
    contents: Contents, section: Section, entry: Entry, waiting: Mapping[EntryId, Waiting]
) -> dict[str, Any]:
    proposals = contents.proposals.get(entry.id, [])
    wrong = contents.wrong.get(entry.id)
    reasons = _reasons(contents, section, entry)
    facts: dict[str, Any] = {
        "key": str(entry.key),
        "cited": str(entry.cited),
        "title": entry.title,
        "owner": entry.owner,
        "reasons": [reason.value for reason in reasons],
        "state": entry.certification(contents.marks.now).facts(),
        "deviated": entry.uses.deviated,
        "failed": entry.uses.failed,
        "note": wrong.note if wrong and Section.FAILING in reasons else "",
        "missing": list(entry.content.thin),
        "change": entry.revision.change.words,
        "author": entry.revision.author,
        "change_note": entry.revision.note,
        # Texts that people wrote stay at the top level, where a redaction looks for them.
        "proposed_note": proposals[0].revision.note if proposals else "",
        "proposals": [_proposal_facts(proposal, contents.marks.now) for proposal in proposals],
        "links": _entry_links(contents, entry, went_wrong=Section.FAILING in reasons),
    }
    is_new = _is_new(contents, entry, reasons, proposals)
    facts |= {"new": contents.previous is not None and is_new, "repeated": not is_new}
    if entry.id in waiting:
        facts["waits"] = waiting[entry.id].facts()
    return facts


def _reasons(contents: Contents, section: Section, entry: Entry) -> list[Section]:
    """Return why a digest lists an entry, most urgent first; `section` is the first."""
    wrong = contents.wrong.get(entry.id)
    holds = {
        Section.OWNER_GONE: entry.orphaned,
        Section.DUE: _is_due_for_other_reasons(entry, contents.marks.now),
        Section.FAILING: wrong is not None and wrong.at >= contents.marks.news_since,
        Section.WAITING: entry.id in contents.proposals,
        Section.INCOMPLETE: entry.is_in_force and bool(entry.content.thin),
        Section.CHANGED: not entry.is_draft and entry.reads_since >= contents.marks.changes_since,
    }
    urgent = list(Section)
    after = urgent[urgent.index(section) + 1 :]
    return [section, *(reason for reason in after if holds[reason])]


def _is_due_for_other_reasons(entry: Entry, now: datetime) -> bool:
    certification = entry.certification(now)
    others = any(reason.kind is not DueReasonKind.OWNER_GONE for reason in certification.reasons)
    return certification.due and (others or entry.due_at <= now)


def _is_new(
    contents: Contents, entry: Entry, reasons: Iterable[Section], proposals: Iterable[Proposal]
) -> bool:
    """Return whether the last digest didn't list the entry, or not for all of this.

    A change alone is always new, so it doesn't count.
    """
    if contents.previous is None:
        return True
    marked = set(reasons) - {Section.CHANGED}
    if Section.FAILING in marked:
        return True
    listed, proposed = _listed(contents.previous, entry.id)
    return bool(marked - listed) or any(proposal.id not in proposed for proposal in proposals)


def _listed(previous: Digest, entry: EntryId) -> tuple[set[Section], set[int]]:
    """Return why a digest listed an entry, and which of its proposals it named."""
    lines: list[Line] = [line for line in previous.lines if line.entry == entry]
    reasons = {reason for line in lines for reason in line.reasons}
    return reasons, {
        proposal["id"] for line in lines for proposal in line.facts.get("proposals", ())
    }


def _proposal_facts(proposal: Proposal, now: datetime) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "days": (now - proposal.opened_at).days,
        "draft": proposal.records_entry,
        "author": proposal.author,
        "since": proposal.opened_at.isoformat(),
    }


def _entry_links(contents: Contents, entry: Entry, *, went_wrong: bool) -> list[dict[str, str]]:
    """Return the link to what a line rests on: the use that went wrong, or where the entry came up.

    A message of another private channel is left out: not everyone here may know of it.
    """
    wrong = contents.wrong.get(entry.id)
    if went_wrong and wrong is not None and wrong.permalink:
        place = _place_of(contents, wrong.permalink)
        if place is not None:
            return [_link(contents, wrong.permalink, place, wrong.by, wrong.at)]
    return [
        _link(contents, source.permalink, source.channel, source.author, _written_at(source.ts))
        for source in entry.evidence
        if source.state is not EvidenceState.DELETED and _is_open_here(contents, source.channel)
    ][:1]


def _is_open_here(contents: Contents, channel: ChannelId) -> bool:
    return channel == contents.channel.id or channel in contents.open_channels


def _place_of(contents: Contents, permalink: str) -> ChannelId | None:
    """Return the channel that a permalink leads to, if everyone here may know of it."""
    places = (contents.channel.id, *sorted(contents.open_channels))
    return next((place for place in places if f"/{place}/" in permalink), None)


def _link(
    contents: Contents, url: str, channel: ChannelId, author: UserId, at: datetime
) -> dict[str, str]:
    day = _day(contents.channel, at, contents.marks.now)
    return {"url": url, "channel": channel, "day": day, "author": author}


def _day(channel: Channel, at: datetime, now: datetime) -> str:
    """Return a day in the channel's time zone: `Nov 4`."""
    return day_in(at, zone_of(channel.digest.timezone), now)


def _written_at(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
