"""Review: a proposed revision is approved, sent back with a comment, or withdrawn."""

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
from bot.usecases.approval.policy import Alone
from bot.usecases.steps.announcements import redraw_proposal, tell_author
from bot.usecases.steps.changes import cited, land, strike_proposal
from bot.usecases.steps.gaps import reopen_gaps
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.proposals import (
    Proposed,
    beside,
    contested_fields,
    faults_of,
    require_open,
    seen_proposal,
    standing,
)
from bot.usecases.steps.secrets import read_note
from storage.store import Store, Transaction

_WANTED: Final = "Say what should change. The author will read this."


def approve_proposal(
    store: Store,
    team: TeamId,
    proposal_id: ProposalId,
    *,
    revision: int,
    reader: Reader,
    alone: Alone,
    now: datetime,
) -> Proposed:
    """Approve of one exact revision; it comes into force once enough people did.

    Raises:
        RevisedError: it moved on to another revision, or waits for its author.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    by_oneself = _alone(store, team, proposal_id, reader, alone)
    with store.transaction(team) as tx:
        proposal, entry = _locked(tx, reader, proposal_id)
        policy = tx.workspace.get().approval
        wanted = 1 if by_oneself else policy.approvals
        again = reader.user in proposal.approved_by and proposal.revision.number == revision
        # Where fewer are asked for than before, who approved says so again, and it is enough.
        if again and not (proposal.waits and len(proposal.approved_by) >= wanted):
            return beside(tx, proposal, entry, reader=reader, alone=by_oneself)
        require_open(entry, proposal)
        _require_current(tx, entry, proposal, revision)
        if not proposal.waits:
            raise NotAllowedError(
                f"Changes were requested on {cited(entry, proposal.revision)}. Its author has to "
                "revise or withdraw it first."
            )
        _require_may(policy, proposal, entry, reader, is_alone=by_oneself)
        _require_successor(tx, entry, proposal, reader)
        _require_no_faults(entry, proposal)
        if not again:
            proposal = tx.proposals.approve(proposal, reader.user, now)
            number = proposal.revision.number
            details = {"proposal": proposal.id, "entry": entry.id, "revision": number}
            tx.audit.add(reader.user, "approved", cited(entry, proposal.revision), details, now)
        if len(proposal.approved_by) >= wanted:
            entry = land(tx, entry, proposal.revision, by=reader.user, now=now, proposal=proposal)
        else:
            redraw_proposal(tx, entry, proposal, now)
        proposal, entry = seen_proposal(tx, reader, proposal_id)
        return beside(tx, proposal, entry, reader=reader, alone=by_oneself)


def read_to_send_back(
    store: Store, team: TeamId, proposal_id: ProposalId, *, reader: Reader, alone: Alone
) -> Proposed:
    """A proposal that this person may send back: before they type, for later it would be lost.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    by_oneself = _alone(store, team, proposal_id, reader, alone)
    with store.read(team) as tx:
        proposal, entry = seen_proposal(tx, reader, proposal_id)
        require_open(entry, proposal)
        policy = tx.workspace.get().approval
        _require_may(policy, proposal, entry, reader, is_alone=by_oneself)
        return beside(tx, proposal, entry, reader=reader, alone=by_oneself)


def request_changes(
    store: Store,
    team: TeamId,
    proposal_id: ProposalId,
    *,
    revision: int,
    comment: str,
    reader: Reader,
    alone: Alone,
    now: datetime,
) -> Proposed:
    """Send a proposal back to its author, with what should change, beside what others asked.

    Raises:
        InvalidInputError: nothing is said, or too much, or a secret.
        RevisedError: it moved on to another revision.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    comment = read_note(comment, "comment", missing=_WANTED)
    by_oneself = _alone(store, team, proposal_id, reader, alone)
    with store.transaction(team) as tx:
        proposal, entry = _locked(tx, reader, proposal_id)
        sent_back = proposal.state is ProposalState.CHANGES_REQUESTED
        said = sent_back and Request(by=reader.user, comment=comment) in proposal.asked
        if said and proposal.revision.number == revision:
            return beside(tx, proposal, entry, reader=reader, alone=by_oneself)
        require_open(entry, proposal)
        _require_current(tx, entry, proposal, revision)
        policy = tx.workspace.get().approval
        _require_may(policy, proposal, entry, reader, is_alone=by_oneself)
        proposal = tx.proposals.request_changes(proposal, reader.user, comment, now)
        details = {"proposal": proposal.id}
        subject = cited(entry, proposal.revision)
        tx.audit.add(reader.user, "changes_requested", subject, details, now)
        outcome = "changes requested"
        strike_proposal(tx, proposal, by=reader.user, outcome=outcome, now=now)
        redraw_proposal(tx, entry, proposal, now)
        tell_author(tx, entry, proposal, now)
        return beside(tx, proposal, entry, reader=reader, alone=by_oneself)


def withdraw_proposal(
    store: Store, team: TeamId, proposal_id: ProposalId, *, reader: Reader, now: datetime
) -> Proposed:
    """Take a proposal back; what it said stays in the history. Its author may, and the owner.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        proposal, entry = _locked(tx, reader, proposal_id)
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
            subject = cited(entry, proposal.revision)
            if proposal.records_entry:
                entry = tx.entries.withdraw(entry.id)
                details["entry"] = entry.id
                reopen_gaps(tx, entry, by=reader.user, now=now)
            tx.audit.add(reader.user, "withdrawn", subject, details, now)
            strike_proposal(tx, proposal, by=reader.user, outcome="withdrawn", now=now)
            redraw_proposal(tx, entry, proposal, now)
            if reader.user != proposal.author:
                tell_author(tx, entry, proposal, now)
        return beside(tx, proposal, entry, reader=reader, alone=False)


def _locked(tx: Transaction, reader: Reader, proposal_id: ProposalId) -> tuple[Proposal, Entry]:
    """The entry is locked first, as whoever changes it does; then nothing about it moves.

    With it what is to take its place, which stays in force meanwhile.
    """
    proposal, entry = seen_proposal(tx, reader, proposal_id)
    new = _successor(tx, proposal)
    tx.entries.lock([entry.id, *([new.id] if new else [])])
    return seen_proposal(tx, reader, proposal_id)


def _alone(
    store: Store, team: TeamId, proposal_id: ProposalId, reader: Reader, alone: Alone
) -> bool:
    """Whether nobody else could approve of one's own change. Slack is asked, so before all else."""
    with store.read(team) as tx:
        proposal, entry = seen_proposal(tx, reader, proposal_id)
    return proposal.author == reader.user and alone(reader.user, entry.home, proposal.owner)


def _require_current(tx: Transaction, entry: Entry, proposal: Proposal, number: int) -> None:
    """Refuse a word about another revision than the one proposed now, and say what differs."""
    current = proposal.revision
    if current.number != number:
        seen = tx.revisions.get(entry.id, number)
        fields = changed_fields(seen.content, current.content) if seen else ()
        changed = tuple(field.label for field in fields)
        labels = ", ".join(f"“{label}”" for label in changed)
        difference = f"changes {labels}" if labels else "has the same text"
        raise RevisedError(
            f"{entry.key}@{number} was replaced by {cited(entry, current)}, which {difference}. "
            "Your answer to the old revision doesn't count. Read the new one first: `/lore diff "
            f"{entry.key} {number} {current.number}`.",
            current=current.number,
        )
    if contested_fields(tx, proposal, entry):
        raise RevisedError(
            f"Conflict: {entry.cited} changed the same field, so {cited(entry, current)} can't be "
            "approved yet. Its author has to choose between the two versions with `Revise`.",
            current=current.number,
        )


def _require_may(
    policy: ApprovalPolicy, proposal: Proposal, entry: Entry, reader: Reader, *, is_alone: bool
) -> None:
    refused = refusal(policy, standing(proposal, entry, reader, is_alone=is_alone))
    if refused is not None:
        raise NotAllowedError(refused)


def _require_no_faults(entry: Entry, proposal: Proposal) -> None:
    """Refuse to put a revision in force that no one could follow."""
    faults = faults_of(proposal)
    if faults:
        raise NotAllowedError(
            f"{cited(entry, proposal.revision)} can't be approved yet. {' '.join(faults)} Ask "
            "its author to fix this with `Request changes`."
        )


def _require_successor(tx: Transaction, entry: Entry, proposal: Proposal, reader: Reader) -> None:
    """Refuse to have an entry's place taken by one that is itself no longer in force."""
    new = _successor(tx, proposal)
    if new is not None and new.retired:
        if not tx.entries.visible_to(reader).has(new.key):
            raise NotAllowedError(
                f"{HIDDEN.capitalize()} was to replace {entry.key}, but has been retired itself. "
                "Send this back with `Request changes`."
            )
        raise NotAllowedError(
            f"{new.key} was to replace {entry.key}, but has been retired itself. Bring it back "
            f"first with `/lore restore {new.key}`, or send this back with `Request changes`."
        )


def _successor(tx: Transaction, proposal: Proposal) -> Entry | None:
    """The entry that is to take the place of the proposal's, if one is."""
    key = Key.parse(proposal.revision.superseded_by)
    return tx.entries.get(key) if key is not None else None
