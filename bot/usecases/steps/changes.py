"""The one way in which entries change: write a revision, then put it in force or propose it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.approval import FieldConflict, Proposal, ProposalState, rebase_content
from bot.domain.digests import Section
from bot.domain.entries import Entry, Key, UserId
from bot.domain.errors import InvalidInputError, NotAllowedError
from bot.domain.nudges import About
from bot.domain.outbox import Topic
from bot.domain.revisions import Change, Content, Effect, Revision, changed_fields
from bot.usecases.steps.announcements import announce, redraw_proposal, tell_author
from bot.usecases.steps.nudge_items import mark_nudges_handled
from bot.usecases.steps.outbox import redraw_linked_cards
from bot.usecases.steps.settled_lines import settle_lines
from storage.store import Transaction

_ALL: Final = tuple(set(Section) - {Section.GAPS, Section.WAITING})
# The digest sections that a change settles. An edit certifies nothing, so a due entry comes back.
_SETTLED_SECTIONS: Final = {
    Change.RECORDED: (),
    Change.EDITED: (Section.DUE, Section.FAILING, Section.INCOMPLETE),
    Change.RESTORED: (Section.DUE, Section.FAILING, Section.INCOMPLETE),
    Change.OWNER: (Section.OWNER_GONE,),
    Change.BACKUP: (),
    Change.RETIRED: _ALL,
    Change.SUPERSEDED: _ALL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """A revision as its author wrote it, before it has a number and a time."""

    content: Content
    author: UserId
    change: Change
    note: str = ""
    effect: Effect = Effect.WORDING
    superseded_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The result of a change: the current entry, and the proposal if the change needs approval."""

    entry: Entry
    proposal: Proposal | None = None


def change_entry(
    tx: Transaction,
    entry: Entry,
    new: NewRevision,
    *,
    propose: bool,
    now: datetime,
    posted: bool = True,
) -> Changed:
    """Write a revision of a locked entry, and put it in force or, with `propose`, propose it.

    `posted` False: the caller posts the proposal, together with others.
    """
    by = new.author
    revision = tx.entries.write(
        entry.id,
        new.content,
        author=by,
        at=now,
        note=new.note,
        change=new.change,
        effect=new.effect,
        superseded_by=new.superseded_by,
    )
    if not propose:
        return Changed(entry=put_in_force(tx, entry, revision, by=by, now=now))
    base = entry.revision.number
    proposal = tx.proposals.add(
        entry.id, revision=revision.number, base=base, author=by, owner=entry.owner, at=now
    )
    details = {"proposal": proposal.id, "entry": entry.id, "revision": revision.number}
    tx.audit.add(
        by, "proposed", cite(entry, revision), details | {"base": base, "owner": entry.owner}, now
    )
    if posted:
        tx.outbox.add(
            Topic.PROPOSAL,
            channel=entry.home,
            payload={"proposal": proposal.id},
            due_at=now,
            at=now,
            once=f"proposal:{proposal.id}",
        )
    redraw_entry(tx, entry, now)
    return Changed(entry=entry, proposal=proposal)


def revise_proposal(
    tx: Transaction,
    entry: Entry,
    proposal: Proposal,
    content: Content,
    *,
    note: str,
    effect: Effect,
    by: UserId,
    now: datetime,
) -> Changed:
    """Replace the proposed revision by another, based on the revision in force.

    Raises:
        NotAllowedError: someone else wrote the proposal.
        InvalidInputError: the text is identical to the one in force.
    """
    require_author(entry, proposal, by)
    change = proposal.revision.change
    # A draft that was sent back may be proposed again unchanged.
    compared = change is Change.EDITED or (proposal.records_entry and proposal.waits)
    if compared and not changed_fields(entry.content, content):
        reason = f"This is identical to {entry.cited}. Change a field, or withdraw the proposal."
        raise InvalidInputError(reason, {"title": reason})
    # A draft was never in force, so its new revision changes no rule.
    effect = Effect.WORDING if proposal.records_entry else effect
    mark_nudges_handled(
        tx,
        entry.id,
        About.REVISION,
        by=by,
        outcome="revised",
        now=now,
        revision=proposal.revision.number,
    )
    revision = tx.entries.write(
        entry.id, content, author=by, at=now, note=note, change=change, effect=effect
    )
    base = 0 if proposal.records_entry else entry.revision.number
    proposal = tx.proposals.revise(proposal, now, revision=revision.number, base=base)
    tx.audit.add(by, "proposed", cite(entry, revision), {"proposal": proposal.id}, now)
    redraw_proposal(tx, entry, proposal, now)
    redraw_entry(tx, entry, now)
    revised = tx.entries.by_id(entry.id)
    assert revised is not None
    return Changed(entry=revised, proposal=proposal)


def require_author(entry: Entry, proposal: Proposal, by: UserId) -> None:
    """Refuse to revise another person's proposal.

    Raises:
        NotAllowedError: with what to do instead.
    """
    if proposal.author != by:
        if proposal.records_entry:
            raise NotAllowedError(
                f"{entry.key} is a draft, so only its author can edit it until it's approved. "
                f"Say what should change with `Request changes`: `/lore review {entry.key}`."
            )
        raise NotAllowedError(
            "Only the author of a change can revise it. Say what should change with `Request "
            f"changes`, or propose your own change with `/lore edit {entry.key}`."
        )


def put_in_force(
    tx: Transaction,
    before: Entry,
    revision: Revision,
    *,
    by: UserId,
    now: datetime,
    proposal: Proposal | None = None,
    announced: bool = True,
) -> Entry:
    """Put a revision of a locked entry in force, announce it, and rebase other proposals."""
    entry = tx.entries.land(before.id, revision, by=by, at=now)
    if proposal is not None:
        tx.proposals.set_state(proposal, ProposalState.IN_FORCE, now)
        redraw_proposal(tx, entry, proposal, now)
        settle_proposal(tx, proposal, by=by, outcome="approved", now=now)
    outcome = revision.change.words
    author = UserId(revision.author)
    sections = _SETTLED_SECTIONS[revision.change]
    if entry.owner != before.owner:
        sections = (*sections, Section.OWNER_GONE)
    settle_lines(tx, sections, by=author, outcome=outcome, now=now, entry=entry.id)
    if announced:
        announce(tx, entry, now=now)
    redraw_entry(tx, entry, now)
    redraw_linked_cards(tx, before, entry, now=now)
    if revision.superseded_by != before.revision.superseded_by:
        _redraw_superseding(tx, before.revision.superseded_by, revision.superseded_by, now)
    for other in tx.proposals.of(entry.id):
        _rebase(tx, entry, other, by=by, now=now)
    return entry


def settle_proposal(
    tx: Transaction, proposal: Proposal, *, by: UserId, outcome: str, now: datetime
) -> None:
    """Settle the digest lines and nudges about a proposal."""
    number = proposal.revision.number
    for about in (About.APPROVAL, About.REVISION):
        mark_nudges_handled(
            tx, proposal.entry, about, by=by, outcome=outcome, now=now, revision=number
        )
    settle_lines(
        tx,
        (Section.WAITING,),
        by=by,
        outcome=outcome,
        now=now,
        entry=proposal.entry,
        proposal=proposal.id,
    )


def cite(entry: Entry, revision: Revision) -> str:
    """Return the citation of a revision, `DEC-7@3`, whether it is in force or not."""
    return f"{entry.key}@{revision.number}"


def _rebase(tx: Transaction, entry: Entry, other: Proposal, *, by: UserId, now: datetime) -> None:
    """Rebase a proposal onto the revision in force; if both set a field, ask its author."""
    if entry.retired and other.revision.change is not Change.RESTORED:
        _withdraw_pointless(tx, entry, other, why=f"{entry.key} is retired", by=by, now=now)
        return
    base = tx.revisions.get(entry.id, other.base)
    assert base is not None
    combined = rebase_content(base.content, other.revision.content, entry.content)
    if isinstance(combined, FieldConflict):
        if other.revision.change in (Change.OWNER, Change.BACKUP):
            # There is no text to combine, so anyone who still wants it has to propose it again.
            why = f"{entry.cited} names someone else"
            _withdraw_pointless(tx, entry, other, why=why, by=by, now=now)
            return
        if other.state is ProposalState.PROPOSED:
            tx.proposals.set_state(other, ProposalState.CHANGES_REQUESTED, now, by=by)
            settle_proposal(tx, other, by=by, outcome="conflict with a change", now=now)
        redraw_proposal(tx, entry, other, now)
        tell_author(tx, entry, other, now)
        return
    retires = other.revision.change.retires
    if not (entry.retired or retires or changed_fields(entry.content, combined)):
        _withdraw_pointless(tx, entry, other, why=f"{entry.cited} says the same", by=by, now=now)
        return
    revision = tx.entries.write(
        entry.id,
        combined,
        author=other.author,
        at=now,
        note=other.revision.note,
        change=other.revision.change,
        effect=other.revision.effect,
        superseded_by=other.revision.superseded_by,
    )
    tx.proposals.set_state(
        other, other.state, now, revision=revision.number, base=entry.revision.number
    )
    redraw_proposal(tx, entry, other, now)


def _withdraw_pointless(
    tx: Transaction, entry: Entry, other: Proposal, *, why: str, by: UserId, now: datetime
) -> None:
    """Withdraw a proposal that another change has made pointless."""
    tx.proposals.set_state(other, ProposalState.WITHDRAWN, now, by=by)
    tx.audit.add(by, "withdrawn", cite(entry, other.revision), {"proposal": other.id}, now)
    settle_proposal(tx, other, by=by, outcome=f"withdrawn: {why}", now=now)
    redraw_proposal(tx, entry, other, now)
    tell_author(tx, entry, other, now)


def redraw_entry(tx: Transaction, entry: Entry, now: datetime) -> None:
    """Redraw an entry's cards."""
    tx.outbox.add(
        Topic.REFRESH, channel=entry.home, payload={"entry": entry.id}, due_at=now, at=now
    )


def _redraw_superseding(tx: Transaction, old: str, new: str, now: datetime) -> None:
    """Redraw the cards of the old and new replacement, which list what they replace."""
    for text in filter(None, (old, new)):
        key = Key.parse(text)
        entry = tx.entries.get(key) if key else None
        if entry is not None:
            redraw_entry(tx, entry, now)
