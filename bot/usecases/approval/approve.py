"""Decide on a proposal: approve it, send it back with a comment, or withdraw it."""

from datetime import datetime
from typing import Final

from bot.domain.approval import (
    ApprovalPolicy,
    Proposal,
    ProposalId,
    ProposalState,
    Request,
    refusal,
)
from bot.domain.entries import Entry, Key, TeamId
from bot.domain.errors import NotAllowedError, RevisedError
from bot.domain.links import HIDDEN
from bot.domain.revisions import changed_fields
from bot.domain.visibility import Reader
from bot.usecases.approval.policy import IsAlone
from bot.usecases.steps.announcements import redraw_proposal, tell_author
from bot.usecases.steps.changes import cite, put_in_force, settle_proposal
from bot.usecases.steps.gaps import reopen_gaps
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.proposals import (
    ShownProposal,
    find_contested_fields,
    list_proposal_faults,
    load_proposal,
    require_open,
    show_proposal,
    standing_of,
)
from bot.usecases.steps.secrets import read_note
from storage.store import Store, Transaction

_COMMENT_MISSING: Final = "Say what should change. The author will read this."


def approve_proposal(
    store: Store,
    team: TeamId,
    proposal_id: ProposalId,
    *,
    revision: int,
    reader: Reader,
    is_alone: IsAlone,
    now: datetime,
) -> ShownProposal:
    """Approve one exact revision; it comes into force once enough people have.

    Raises:
        RevisedError: the proposal has another revision now, or is in conflict.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    is_only_approver = _ask_alone(store, team, proposal_id, reader, is_alone)
    with store.transaction(team) as tx:
        proposal, entry = _lock(tx, reader, proposal_id)
        policy = tx.workspace.get().approval
        wanted = 1 if is_only_approver else policy.approvals
        is_repeated = reader.user in proposal.approved_by and proposal.revision.number == revision
        # If fewer approvals are needed than before, approving again is enough.
        if is_repeated and not (proposal.waits and len(proposal.approved_by) >= wanted):
            return show_proposal(tx, proposal, entry, reader=reader, is_alone=is_only_approver)
        require_open(entry, proposal)
        _require_current(tx, entry, proposal, revision)
        if not proposal.waits:
            raise NotAllowedError(
                f"Changes were requested on {cite(entry, proposal.revision)}. Its author has to "
                "revise or withdraw it first."
            )
        _require_may(policy, proposal, entry, reader, is_alone=is_only_approver)
        _require_successor(tx, entry, proposal, reader)
        _require_no_faults(entry, proposal)
        if not is_repeated:
            proposal = tx.proposals.approve(proposal, reader.user, now)
            number = proposal.revision.number
            details = {"proposal": proposal.id, "entry": entry.id, "revision": number}
            tx.audit.add(reader.user, "approved", cite(entry, proposal.revision), details, now)
        if len(proposal.approved_by) >= wanted:
            entry = put_in_force(
                tx, entry, proposal.revision, by=reader.user, now=now, proposal=proposal
            )
        else:
            redraw_proposal(tx, entry, proposal, now)
        proposal, entry = load_proposal(tx, reader, proposal_id)
        return show_proposal(tx, proposal, entry, reader=reader, is_alone=is_only_approver)


def read_to_send_back(
    store: Store, team: TeamId, proposal_id: ProposalId, *, reader: Reader, is_alone: IsAlone
) -> ShownProposal:
    """Return a proposal that this person may send back.

    This is checked before they type a comment, because a refusal afterwards would lose it.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    is_only_approver = _ask_alone(store, team, proposal_id, reader, is_alone)
    with store.read(team) as tx:
        proposal, entry = load_proposal(tx, reader, proposal_id)
        require_open(entry, proposal)
        policy = tx.workspace.get().approval
        _require_may(policy, proposal, entry, reader, is_alone=is_only_approver)
        return show_proposal(tx, proposal, entry, reader=reader, is_alone=is_only_approver)


def request_changes(
    store: Store,
    team: TeamId,
    proposal_id: ProposalId,
    *,
    revision: int,
    comment: str,
    reader: Reader,
    is_alone: IsAlone,
    now: datetime,
) -> ShownProposal:
    """Send a proposal back to its author with a request, in addition to earlier requests.

    Raises:
        InvalidInputError: the comment is empty, too long or holds a secret.
        RevisedError: the proposal has another revision now.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    comment = read_note(comment, "comment", missing=_COMMENT_MISSING)
    is_only_approver = _ask_alone(store, team, proposal_id, reader, is_alone)
    with store.transaction(team) as tx:
        proposal, entry = _lock(tx, reader, proposal_id)
        is_sent_back = proposal.state is ProposalState.CHANGES_REQUESTED
        is_repeated = is_sent_back and Request(by=reader.user, comment=comment) in proposal.asked
        if is_repeated and proposal.revision.number == revision:
            return show_proposal(tx, proposal, entry, reader=reader, is_alone=is_only_approver)
        require_open(entry, proposal)
        _require_current(tx, entry, proposal, revision)
        policy = tx.workspace.get().approval
        _require_may(policy, proposal, entry, reader, is_alone=is_only_approver)
        proposal = tx.proposals.request_changes(proposal, reader.user, comment, now)
        details = {"proposal": proposal.id}
        subject = cite(entry, proposal.revision)
        tx.audit.add(reader.user, "changes_requested", subject, details, now)
        outcome = "changes requested"
        settle_proposal(tx, proposal, by=reader.user, outcome=outcome, now=now)
        redraw_proposal(tx, entry, proposal, now)
        tell_author(tx, entry, proposal, now)
        return show_proposal(tx, proposal, entry, reader=reader, is_alone=is_only_approver)


def withdraw_proposal(
    store: Store, team: TeamId, proposal_id: ProposalId, *, reader: Reader, now: datetime
) -> ShownProposal:
    """Withdraw a proposal as its author or as the owner of its entry.

    Its text stays in the history.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        proposal, entry = _lock(tx, reader, proposal_id)
        if reader.user not in (proposal.author, entry.owner):
            raise NotAllowedError(
                "Only the author of a change and the owner of its entry can withdraw it. Say what "
                "should change with `Request changes`."
            )
        if proposal.state is not ProposalState.WITHDRAWN:
            require_open(entry, proposal)
            state = ProposalState.WITHDRAWN
            proposal = tx.proposals.set_state(proposal, state, now, by=reader.user)
            details: dict[str, int] = {"proposal": proposal.id}
            subject = cite(entry, proposal.revision)
            if proposal.records_entry:
                entry = tx.entries.withdraw(entry.id)
                details["entry"] = entry.id
                reopen_gaps(tx, entry, by=reader.user, now=now)
            tx.audit.add(reader.user, "withdrawn", subject, details, now)
            settle_proposal(tx, proposal, by=reader.user, outcome="withdrawn", now=now)
            redraw_proposal(tx, entry, proposal, now)
            if reader.user != proposal.author:
                tell_author(tx, entry, proposal, now)
        return show_proposal(tx, proposal, entry, reader=reader, is_alone=False)


def _lock(tx: Transaction, reader: Reader, proposal_id: ProposalId) -> tuple[Proposal, Entry]:
    """Lock the entry of a proposal, and the entry that would replace it; return both.

    Everything that changes an entry locks it first, so nothing about it changes after this.
    """
    proposal, entry = load_proposal(tx, reader, proposal_id)
    successor = _find_successor(tx, proposal)
    tx.entries.lock([entry.id, *([successor.id] if successor else [])])
    return load_proposal(tx, reader, proposal_id)


def _ask_alone(
    store: Store, team: TeamId, proposal_id: ProposalId, reader: Reader, is_alone: IsAlone
) -> bool:
    """Return whether the author is the only person who could approve.

    This asks Slack, so it comes before the transaction.
    """
    with store.read(team) as tx:
        proposal, entry = load_proposal(tx, reader, proposal_id)
    return proposal.author == reader.user and is_alone(reader.user, entry.home, proposal.owner)


def _require_current(tx: Transaction, entry: Entry, proposal: Proposal, number: int) -> None:
    """Refuse a decision on a revision that has been replaced, and say what differs."""
    current = proposal.revision
    if current.number != number:
        old = tx.revisions.get(entry.id, number)
        fields = changed_fields(old.content, current.content) if old else ()
        changed = tuple(field.label for field in fields)
        labels = ", ".join(f"“{label}”" for label in changed)
        difference = f"changes {labels}" if labels else "has the same text"
        raise RevisedError(
            f"{entry.key}@{number} was replaced by {cite(entry, current)}, which {difference}. "
            "Your answer to the old revision doesn't count. Read the new one first: `/lore diff "
            f"{entry.key} {number} {current.number}`.",
            current=current.number,
        )
    if find_contested_fields(tx, proposal, entry):
        raise RevisedError(
            f"Conflict: {entry.cited} changed the same field, so {cite(entry, current)} can't be "
            "approved yet. Its author has to choose between the two versions with `Revise`.",
            current=current.number,
        )


def _require_may(
    policy: ApprovalPolicy, proposal: Proposal, entry: Entry, reader: Reader, *, is_alone: bool
) -> None:
    reason = refusal(policy, standing_of(proposal, entry, reader, is_alone=is_alone))
    if reason is not None:
        raise NotAllowedError(reason)


def _require_no_faults(entry: Entry, proposal: Proposal) -> None:
    """Refuse to put a revision in force that no one could follow."""
    faults = list_proposal_faults(proposal)
    if faults:
        raise NotAllowedError(
            f"{cite(entry, proposal.revision)} can't be approved yet. {' '.join(faults)} Ask "
            "its author to fix this with `Request changes`."
        )


def _require_successor(tx: Transaction, entry: Entry, proposal: Proposal, reader: Reader) -> None:
    """Refuse to replace an entry by one that isn't in force itself."""
    successor = _find_successor(tx, proposal)
    if successor is not None and successor.retired:
        if not tx.entries.visible_to(reader).has(successor.key):
            raise NotAllowedError(
                f"{HIDDEN.capitalize()} was to replace {entry.key}, but has been retired itself. "
                "Send this back with `Request changes`."
            )
        raise NotAllowedError(
            f"{successor.key} was to replace {entry.key}, but has been retired itself. Bring it "
            f"back first with `/lore restore {successor.key}`, or send this back with `Request "
            "changes`."
        )


def _find_successor(tx: Transaction, proposal: Proposal) -> Entry | None:
    """Return the entry that would replace the entry of the proposal; None if none would."""
    key = Key.parse(proposal.revision.superseded_by)
    return tx.entries.get(key) if key is not None else None
