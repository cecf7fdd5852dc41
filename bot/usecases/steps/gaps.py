"""Gaps inside a transaction: load them, reopen them, and update what refers to them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from bot.domain.digests import NOT_RECURRING, Section
from bot.domain.entries import ChannelId, Entry, UserId
from bot.domain.errors import NotFoundError
from bot.domain.form_drafts import FormDraft
from bot.domain.gaps import Gap, GapId, GapState
from bot.domain.outbox import Topic
from bot.domain.prompt_rules import GAP_KEPT
from bot.domain.prompts import Prompt
from bot.domain.questions import find_near_gaps
from bot.domain.visibility import Reader
from bot.usecases.steps.digest_lines import gap_links
from bot.usecases.steps.listening import title_of_gap
from bot.usecases.steps.settled_lines import settle_lines
from storage.store import Transaction

# The gaps that are compared with a question: those that come up most.
_COMPARED: Final = 200
GAP_CLOSED: Final = (
    "Someone has already recorded or dismissed this gap. `/lore gaps` lists the others."
)


def update_gap_texts(tx: Transaction, gaps: Iterable[GapId], now: datetime) -> None:
    """Update the titles and digest lines of gaps whose messages were edited or deleted."""
    for gap_id in gaps:
        gap = tx.gaps.get(gap_id)
        if gap is not None and not gap.renamed:
            tx.gaps.retitle(gap_id, title_of_gap(gap.occurrences))
        update_gap_lines(tx, gap_id, now)


def update_gap_lines(tx: Transaction, gap_id: GapId, now: datetime) -> None:
    """Update the digest lines of a gap to its title and threads."""
    gap = tx.gaps.get(gap_id)
    title = gap.title if gap else ""
    channel = tx.channels.get(gap.channel) if gap else None
    urls = {occurrence.permalink for occurrence in gap.occurrences} if gap else set()
    for digest, line in tx.digests.lines_of(gap_id):
        facts = {**line.facts, "title": title}
        if any(link["url"] not in urls for link in line.facts["links"]):
            facts["links"] = gap_links(gap, channel, now) if gap and channel else []
        if facts == line.facts:
            continue
        tx.digests.set_facts(line.id, facts)
        payload = {"digest": digest.id, "line": line.id}
        tx.outbox.add(Topic.REFRESH, channel=digest.channel, payload=payload, due_at=now, at=now)


def close_gap(tx: Transaction, gap: Gap, *, by: UserId, now: datetime) -> None:
    """Dismiss an open gap, strike it through in digests, and audit it."""
    tx.gaps.set_state(gap.id, GapState.DISMISSED)
    settle_lines(tx, [Section.GAPS], by=by, outcome=NOT_RECURRING, now=now, gap=gap.id)
    tx.audit.add(by, "gap_dismissed", f"gap-{gap.id}", {"channel": gap.channel}, now)


def reopen_gaps(tx: Transaction, entry: Entry, *, by: UserId, now: datetime) -> None:
    """Reopen the gaps that a withdrawn draft was to cover."""
    for gap_id in tx.gaps.reopen(entry.id):
        tx.audit.add(by, "gap_reopened", f"gap-{gap_id}", {"entry": str(entry.key)}, now)


def find_gap_of(tx: Transaction, prompt: Prompt, *, lock: bool = False) -> Gap | None:
    """Return the gap that a prompt is about; None if it is gone.

    If its gap was merged with another since then, that is the one of its thread.
    """
    if prompt.gap is None:
        return None
    gap = tx.gaps.get(prompt.gap, lock=lock)
    if gap is not None:
        return gap
    groups = tx.channel_threads(prompt.channel).groups([prompt.thread_ts])
    return tx.gaps.get(GapId(groups[prompt.thread_ts]), lock=lock) if groups else None


def list_covered_gaps(tx: Transaction, draft: FormDraft) -> set[GapId]:
    """Return the open gaps that an entry covers: those of the form and those of its thread.

    If the form's gap was merged with another since then, that is the one of the form's messages.
    """
    roots = [(draft.channel, draft.thread_ts)] if draft.thread_ts else []
    gap = None if draft.gap is None else tx.gaps.get(draft.gap, lock=True)
    if draft.gap is not None and gap is None:
        roots += [source for source in draft.sources if source[0] == draft.channel]
    thread_gaps = {found for root in roots for found in tx.gaps.open_with_message(*root)}
    return {*thread_gaps, *([gap.id] if gap and gap.state is GapState.OPEN else [])}


def find_gaps(
    tx: Transaction, channels: Collection[ChannelId], question: str, now: datetime
) -> list[Gap]:
    """Return the open gaps of some channels that are like a question, the nearest first."""
    return find_near_gaps(question, tx.gaps.recurring(channels, now - GAP_KEPT, 1, limit=_COMPARED))


def count_search(tx: Transaction, gap_id: GapId, reader: Reader, now: datetime) -> None:
    """Count that someone searched for a gap and no entry answered, unless it was settled since."""
    gap = tx.gaps.get(gap_id, lock=True)
    if gap is not None and gap.state is GapState.OPEN:
        tx.gaps.count_search(gap_id, reader.user, now)


def load_gap(tx: Transaction, reader: Reader, gap_id: GapId) -> Gap:
    """Return a gap in one of the reader's channels.

    Raises:
        NotFoundError: there isn't one.
    """
    gap = tx.gaps.get(gap_id)
    if gap is None or gap.channel not in reader.channels:
        raise NotFoundError(
            "Opslore can't show this gap. Its messages were deleted, it hasn't come up for "
            f"{GAP_KEPT.days} days, or you aren't in its channel. `/lore gaps` lists the others."
        )
    return gap
