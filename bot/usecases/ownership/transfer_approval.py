"""Decide on a transfer: approve or withdraw all parts that its message showed, in one step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.approval import Proposal, ProposalState, refusal
from bot.domain.entries import ChannelId, Entry, TeamId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.outbox import Topic
from bot.domain.revisions import Change
from bot.domain.visibility import Person, Reader
from bot.usecases.ownership.transfer_messages import (
    TransferredEntries,
    list_keys,
    load_transfer,
    tell_transferred,
)
from bot.usecases.steps.announcements import redraw_proposal
from bot.usecases.steps.changes import cite, put_in_force, settle_proposal
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.proposals import find_contested_fields, standing_of
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """The result of approving a transfer.

    `counted`: how many entries need another approval. `left`: how many were shown and weren't
    approved.
    """

    passed: TransferredEntries
    counted: int
    left: int


def approve_transfer(
    store: Store,
    team: TeamId,
    payload: Mapping[str, Any],
    *,
    reader: Reader,
    people: tuple[Person, Person, Person],
    seen: datetime,
    now: datetime,
) -> Approved:
    """Approve each waiting part of a transfer that this person may approve.

    `people`: its author, its giver and its receiver. `seen`: when a shown part last changed; a part
    that changed later isn't approved.

    Raises:
        NotFoundError: they can't see any part of it.
        NotAllowedError: they may not approve any part of it; with the reason.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        parts = _lock(tx, payload, reader)
        policy = tx.workspace.get().approval
        owned, backed_up, counted, refusal_reason = list[Entry](), list[Entry](), 0, ""
        for proposal, entry in parts:
            reason = refusal(policy, standing_of(proposal, entry, reader, is_alone=False)) or ""
            is_outdated = proposal.changed_at > seen or find_contested_fields(tx, proposal, entry)
            if reason or is_outdated or not proposal.waits or reader.user in proposal.approved_by:
                refusal_reason = refusal_reason or reason
                continue
            approved = _approve(tx, proposal, entry, reader, now)
            if len(approved.approved_by) < policy.approvals:
                redraw_proposal(tx, entry, approved, now)
                counted += 1
                continue
            by, revision = reader.user, approved.revision
            landed = put_in_force(
                tx, entry, revision, by=by, now=now, proposal=approved, announced=False
            )
            (owned if revision.change is Change.OWNER else backed_up).append(landed)
        if refusal_reason and not (owned or backed_up or counted):
            raise NotAllowedError(refusal_reason)
        author, giver, receiver = people
        passed = TransferredEntries(
            by=author,
            giver=giver,
            receiver=receiver,
            owned=tuple(owned),
            backed_up=tuple(backed_up),
            approved_by=reader.person,
        )
        tell_transferred(tx, passed, but=reader.user, now=now)
        left = len(parts) - len(owned) - len(backed_up) - counted
        return Approved(passed=passed, counted=counted, left=left)


def withdraw_transfer(
    store: Store,
    team: TeamId,
    payload: Mapping[str, Any],
    *,
    reader: Reader,
    now: datetime,
) -> int:
    """Withdraw each open part of a transfer, and return how many.

    Its author may withdraw all parts, and the owner of an entry may withdraw that one.

    Raises:
        NotFoundError: they can't see any part of it.
        NotAllowedError: they may not withdraw any part of it.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        parts = [
            (proposal, entry)
            for proposal, entry in _lock(tx, payload, reader)
            if proposal.state.open and reader.user in (proposal.author, entry.owner)
        ]
        if not parts:
            raise NotAllowedError(
                "There is nothing in this transfer that you can withdraw. Only the person who "
                "proposed it and the owner of each entry can."
            )
        for proposal, entry in parts:
            ended = tx.proposals.set_state(proposal, ProposalState.WITHDRAWN, now, by=reader.user)
            subject = cite(entry, proposal.revision)
            tx.audit.add(reader.user, "withdrawn", subject, {"proposal": proposal.id}, now)
            settle_proposal(tx, ended, by=reader.user, outcome="withdrawn", now=now)
            redraw_proposal(tx, entry, ended, now)
        author = parts[0][0].author
        if author != reader.user:
            keys = list_keys([entry.key for _, entry in parts])
            text = f"{reader.person.name} withdrew your proposal to transfer {keys}."
            tx.outbox.add(
                Topic.NOTE,
                channel=ChannelId(author),
                user=author,
                payload={"text": text},
                due_at=now,
                at=now,
            )
        return len(parts)


def _lock(
    tx: Transaction, payload: Mapping[str, Any], reader: Reader
) -> list[tuple[Proposal, Entry]]:
    """Return the parts of a transfer that this reader can see, with their entries locked."""
    transfer = load_transfer(tx, payload, reader)
    tx.entries.lock(entry.id for _, entry in transfer.parts)
    parts = list(load_transfer(tx, payload, reader).parts)
    if not parts:
        raise NotFoundError(
            "You can't see any entry of this transfer. Ask a member of its channel."
        )
    return parts


def _approve(
    tx: Transaction, proposal: Proposal, entry: Entry, reader: Reader, now: datetime
) -> Proposal:
    approved = tx.proposals.approve(proposal, reader.user, now)
    number = proposal.revision.number
    details = {"proposal": proposal.id, "entry": entry.id, "revision": number}
    tx.audit.add(reader.user, "approved", cite(entry, proposal.revision), details, now)
    return approved
