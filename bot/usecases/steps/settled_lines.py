"""Settle reasons in the lines of posted digests, and redraw the lines."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.approval import ProposalId
from bot.domain.digests import Digest, Line, Section, Settled
from bot.domain.entries import EntryId, UserId
from bot.domain.gaps import GapId
from bot.domain.nudges import About
from bot.domain.outbox import Topic
from bot.usecases.steps.nudge_items import mark_nudges_handled
from storage.store import Transaction

# No one scrolls back to an older digest to see what became of a line.
_FOLLOWED: Final = timedelta(days=28)


def settle_lines(
    tx: Transaction,
    sections: Iterable[Section],
    *,
    by: UserId,
    outcome: str,
    now: datetime,
    entry: EntryId | None = None,
    gap: GapId | None = None,
    proposal: ProposalId | None = None,
) -> None:
    """Settle these reasons in the lines of posted digests and nudges, and redraw them.

    A line is struck through once no reason is open. `proposal`: only this proposal is settled.
    """
    wanted = set(sections)
    for digest, line in tx.digests.open_lines(now - _FOLLOWED, entry=entry, gap=gap):
        if proposal is not None and (others := _other_proposals(line, proposal)) != []:
            if others is not None:
                facts = {**line.facts, "proposals": others, "proposed_note": ""}
                _reword(tx, digest, line, facts, now)
            continue
        settle_line(tx, (digest, line), wanted, Settled(by=by, outcome=outcome), now)
    if entry is not None and wanted & {Section.DUE, Section.OWNER_GONE}:
        mark_nudges_handled(tx, entry, About.REVIEW, by=by, outcome=outcome, now=now)


def reopen_lines(tx: Transaction, gap: GapId, now: datetime) -> None:
    """Undo the dismissal of a gap in every digest, and redraw its lines."""
    for digest, line in tx.digests.lines_of(gap):
        if line.was_dismissed:
            tx.digests.reopen(line.id)
            _redraw(tx, digest, line, now)


def _other_proposals(line: Line, proposal: ProposalId) -> list[Any] | None:
    """Return a line's other proposals; None if the line doesn't list this proposal."""
    listed = line.facts.get("proposals", [])
    if all(proposal_facts["id"] != proposal for proposal_facts in listed):
        return None
    return [proposal_facts for proposal_facts in listed if proposal_facts["id"] != proposal]


def settle_line(
    tx: Transaction,
    digest_line: tuple[Digest, Line],
    sections: set[Section],
    settled: Settled,
    now: datetime,
) -> None:
    """Settle these reasons of one line; it is struck through once no reason is open."""
    digest, line = digest_line
    if not line.settles(sections):
        return
    facts = line.facts_once_settled(sections, settled)
    if facts is not None:
        _reword(tx, digest, line, facts, now)
    elif tx.digests.handle(line.id, settled.by, now, settled.outcome):
        _redraw(tx, digest, line, now)


def _reword(
    tx: Transaction, digest: Digest, line: Line, facts: Mapping[str, Any], now: datetime
) -> None:
    tx.digests.set_facts(line.id, facts)
    _redraw(tx, digest, line, now)


def _redraw(tx: Transaction, digest: Digest, line: Line, now: datetime) -> None:
    payload = {"digest": digest.id, "line": line.id}
    tx.outbox.add(Topic.REFRESH, channel=digest.channel, payload=payload, due_at=now, at=now)
