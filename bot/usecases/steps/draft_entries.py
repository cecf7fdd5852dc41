"""Drafts of new entries: propose them, and revise them for their author."""

from datetime import datetime

from bot.domain.approval import Proposal
from bot.domain.entries import Entry, UserId
from bot.domain.revisions import Content, Effect
from bot.usecases.steps.changes import Changed, revise_proposal
from storage.store import Transaction


def propose_draft(tx: Transaction, entry: Entry, *, by: UserId, now: datetime) -> Proposal:
    """Propose the first revision of a new entry; the entry's own card asks for the approval."""
    number, owner = entry.revision.number, entry.owner
    proposal = tx.proposals.add(entry.id, revision=number, base=0, author=by, owner=owner, at=now)
    details = {"proposal": proposal.id, "entry": entry.id, "revision": number}
    tx.audit.add(by, "proposed", str(entry.cited), details | {"base": 0, "owner": owner}, now)
    return proposal


def revise_draft(
    tx: Transaction, entry: Entry, content: Content, *, note: str, by: UserId, now: datetime
) -> Changed:
    """Replace the text of a draft without its form.

    Raises:
        NotAllowedError: another person wrote the draft.
    """
    [proposal] = tx.proposals.of(entry.id)
    return revise_proposal(
        tx, entry, proposal, content, note=note, effect=Effect.WORDING, by=by, now=now
    )
