"""Proposals with their entries, as a reader may see them and act on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.approval import (
    FieldConflict,
    Proposal,
    ProposalId,
    Standing,
    rebase_content,
    refusal,
    takes_ownership,
)
from bot.domain.diff import FieldChange, diff
from bot.domain.entries import Entry, Key
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.faults import list_faults
from bot.domain.kinds import Field
from bot.domain.revisions import Change, Revision
from bot.domain.visibility import Reader
from bot.usecases.steps.changes import cite
from bot.usecases.steps.visible_links import hide_entry_links, hide_revision_links
from storage.entries import VisibleEntries
from storage.store import Transaction

# Other changes, such as a retirement, have no text to revise.
REVISABLE: Final = (Change.RECORDED, Change.EDITED, Change.RESTORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProposal:
    """A proposal with its entry, as one reader sees it.

    `base`: the revision that it changes; None if it records a new entry. `wanted`: how many
    approvals it needs. `contested`: the fields that someone else has set differently since then, so
    that its author has to choose. `mine`: the reader wrote it. `decidable`: the reader may approve
    it or request changes. `withdrawable`: the reader may withdraw it. `faults`: the problems to fix
    before it can be approved.
    """

    proposal: Proposal
    entry: Entry
    base: Revision | None
    wanted: int
    contested: tuple[Field, ...] = ()
    mine: bool = False
    decidable: bool = False
    withdrawable: bool = False
    faults: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """Return the key that cites the proposed revision."""
        return Key(
            kind=self.entry.key.kind,
            number=self.entry.key.number,
            revision=self.proposal.revision.number,
        )

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """Return how it differs from the revision that it changes."""
        if self.base is None:
            return ()
        return diff(self.base.content, self.proposal.revision.content)

    @property
    def waits(self) -> bool:
        """Return whether it is waiting for an approval."""
        return self.proposal.waits

    @property
    def revisable(self) -> bool:
        """Return whether its author can revise its text."""
        return self.proposal.state.open and self.proposal.revision.change in REVISABLE


def list_waiting_proposals(
    tx: Transaction, reader: Reader, limit: int
) -> tuple[ShownProposal, ...]:
    """Return the proposals that are waiting for this person.

    These are their own that were sent back, and those that they are asked to approve.
    """
    proposals = [*tx.proposals.to_revise(reader, limit), *tx.proposals.to_approve(reader, limit)]
    return show_proposals(tx, reader, proposals[:limit])


def list_open_proposals(tx: Transaction, reader: Reader, limit: int) -> tuple[ShownProposal, ...]:
    """Return the other open proposals in this person's channels."""
    return show_proposals(tx, reader, tx.proposals.open_in(reader, limit))


def show_proposals(
    tx: Transaction, reader: Reader, proposals: Sequence[Proposal]
) -> tuple[ShownProposal, ...]:
    """Return proposals with their entries, as this reader may act on them."""
    entries = tx.entries.by_ids(proposal.entry for proposal in proposals)
    return tuple(
        show_proposal(tx, proposal, entries[proposal.entry], reader=reader, is_alone=False)
        for proposal in proposals
    )


def find_contested_fields(tx: Transaction, proposal: Proposal, entry: Entry) -> tuple[Field, ...]:
    """Return the fields that both the proposal and a later revision in force have set."""
    is_current = proposal.records_entry or proposal.base == entry.revision.number
    if is_current or not proposal.state.open:
        return ()
    base = tx.revisions.get(entry.id, proposal.base)
    assert base is not None
    result = rebase_content(base.content, proposal.revision.content, entry.content)
    return result.fields if isinstance(result, FieldConflict) else ()


def show_proposal(
    tx: Transaction, proposal: Proposal, entry: Entry, *, reader: Reader, is_alone: bool
) -> ShownProposal:
    """Return a proposal with its entry, as this reader may act on it."""
    base = tx.revisions.get(entry.id, proposal.base)
    assert base is not None or proposal.records_entry
    policy = tx.workspace.get().approval
    faults = list_proposal_faults(proposal)
    allowed = refusal(policy, standing_of(proposal, entry, reader, is_alone=is_alone)) is None
    shown = ShownProposal(
        proposal=proposal,
        entry=entry,
        base=base,
        wanted=policy.approvals,
        contested=find_contested_fields(tx, proposal, entry),
        mine=proposal.author == reader.user,
        decidable=allowed
        and proposal.waits
        and (
            reader.user not in proposal.approved_by or len(proposal.approved_by) >= policy.approvals
        ),
        withdrawable=proposal.state.open and reader.user in (proposal.author, entry.owner),
        faults=faults,
    )
    return hide_proposal_links(shown, tx.entries.visible_to(reader)) if reader.user else shown


def hide_proposal_links(shown: ShownProposal, visible: VisibleEntries) -> ShownProposal:
    """Return a proposal without links to entries that its readers can't see."""
    proposal = shown.proposal
    return replace(
        shown,
        proposal=replace(proposal, revision=hide_revision_links(visible, proposal.revision)),
        entry=hide_entry_links(visible, shown.entry),
        base=shown.base and hide_revision_links(visible, shown.base),
    )


def list_proposal_faults(proposal: Proposal) -> tuple[str, ...]:
    """Return what has to be fixed before an open proposal can be approved.

    There is nothing to fix if it doesn't change a text.
    """
    if not proposal.state.open or proposal.revision.change not in REVISABLE:
        return ()
    return list_faults(proposal.revision.content)


def load_proposal(
    tx: Transaction, reader: Reader, proposal_id: ProposalId
) -> tuple[Proposal, Entry]:
    """Return a proposal and its entry, if this reader may see them.

    Raises:
        NotFoundError: there isn't one that they may see.
    """
    proposal = tx.proposals.get(proposal_id)
    stored = tx.entries.by_id(proposal.entry) if proposal else None
    entry = tx.entries.visible_to(reader).get(stored.key) if stored else None
    if proposal is None or entry is None:
        raise NotFoundError(UNKNOWN_PROPOSAL)
    return proposal, entry


def require_open(entry: Entry, proposal: Proposal) -> None:
    """Refuse to act on a proposal that has ended.

    Raises:
        NotAllowedError: says how it ended.
    """
    if not proposal.state.open:
        raise NotAllowedError(
            f"{cite(entry, proposal.revision)} is already {proposal.state.words}. "
            f"`/lore history {entry.key}` shows who decided that."
        )


def standing_of(proposal: Proposal, entry: Entry, reader: Reader, *, is_alone: bool) -> Standing:
    """Return a reader's relation to a proposal."""
    return Standing(
        person=reader.person,
        author=proposal.author == reader.user,
        was_owner=proposal.owner == reader.user,
        in_home=entry.home in reader.channels,
        is_alone=is_alone,
        takes_ownership=takes_ownership(proposal, entry),
    )


UNKNOWN_PROPOSAL: Final = (
    "This proposal no longer exists, or you can't see its entry. `/lore review KEY` lists the "
    "proposals for an entry."
)
