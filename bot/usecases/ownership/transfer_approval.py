"""Deciding on a transfer as a whole: every part that its message showed, in one step."""

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
from bot.usecases.ownership.transfer_messages import Passed, list_keys, tell_passed, transfer_of
from bot.usecases.steps.announcements import redraw_proposal
from bot.usecases.steps.changes import cited, land, strike_proposal
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.proposals import contested_fields, standing
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What an approval of a transfer did: entries that passed on, and that need another approval.

    `left`: how many were shown and weren't approved.
    """

    passed: Passed
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
    """Approve each part of a transfer that waits and that this person may approve.

    `people`: its author, its giver and its receiver. `seen`: when what was shown last changed; a
    part that changed since then isn't approved.

    Raises:
        NotFoundError: there is nothing of it that they may see.
        NotAllowedError: they may approve nothing of it, with the reason.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        parts = _lock(tx, payload, reader)
        policy = tx.workspace.get().approval
        owned, backed_up, counted, refused = list[Entry](), list[Entry](), 0, ""
        for proposal, entry in parts:
            why = refusal(policy, standing(proposal, entry, reader, is_alone=False)) or ""
            stale = proposal.changed_at > seen or contested_fields(tx, proposal, entry)
            if why or stale or not proposal.waits or reader.user in proposal.approved_by:
                refused = refused or why
                continue
            given = _approve(tx, proposal, entry, reader, now)
            if len(given.approved_by) < policy.approvals:
                redraw_proposal(tx, entry, given, now)
                counted += 1
                continue
            by, revision = reader.user, given.revision
            landed = land(tx, entry, revision, by=by, now=now, proposal=given, announced=False)
            (owned if revision.change is Change.OWNER else backed_up).append(landed)
        if refused and not (owned or backed_up or counted):
            raise NotAllowedError(refused)
        author, giver, receiver = people
        passed = Passed(
            by=author,
            giver=giver,
            receiver=receiver,
            owned=tuple(owned),
            backed_up=tuple(backed_up),
            approved_by=reader.person,
        )
        tell_passed(tx, passed, but=reader.user, now=now)
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

    Its author may, and the owner of an entry may for that entry.

    Raises:
        NotFoundError: there is nothing of it that they may see.
        NotAllowedError: they may withdraw nothing of it.
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
            subject = cited(entry, proposal.revision)
            tx.audit.add(reader.user, "withdrawn", subject, {"proposal": proposal.id}, now)
            strike_proposal(tx, ended, by=reader.user, outcome="withdrawn", now=now)
            redraw_proposal(tx, entry, ended, now)
        author = parts[0][0].author
        if author != reader.user:
            keys = list_keys([entry.key for _, entry in parts])
            said = f"{reader.person.name} withdrew your proposal to transfer {keys}."
            tx.outbox.add(
                Topic.NOTE,
                channel=ChannelId(author),
                user=author,
                payload={"text": said},
                due_at=now,
                at=now,
            )
        return len(parts)


def _lock(
    tx: Transaction, payload: Mapping[str, Any], reader: Reader
) -> list[tuple[Proposal, Entry]]:
    """Return the parts of a transfer that this reader can see, with their entries locked."""
    found = transfer_of(tx, payload, reader)
    tx.entries.lock(entry.id for _, entry in found.parts)
    parts = list(transfer_of(tx, payload, reader).parts)
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
    tx.audit.add(reader.user, "approved", cited(entry, proposal.revision), details, now)
    return approved
