"""Proposals beside their entries, as a reader may see them and act on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.approval import (
    Contested,
    Proposal,
    ProposalId,
    Standing,
    rebased,
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
from bot.usecases.steps.changes import cited
from bot.usecases.steps.visible_links import veil_entry, veil_revision
from storage.entries import VisibleEntries
from storage.store import Transaction

# Where nothing but an end is proposed there is nothing to say otherwise.
REVISABLE: Final = (Change.RECORDED, Change.EDITED, Change.RESTORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal, beside what is in force: `base`, or None where it records a new entry.

    `faults`: what has to be fixed before it can be approved. `wanted`: how many approvals it takes.
    `contested`: the fields that somebody else changed meanwhile to something else, about which its
    author has to decide. `mine`: the reader wrote it; `decidable`, `withdrawable`: they may approve
    of it or send it back, and take it back.
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
        """The key of its very revision."""
        return Key(
            kind=self.entry.key.kind,
            number=self.entry.key.number,
            revision=self.proposal.revision.number,
        )

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What it says otherwise than the revision that it was built on."""
        if self.base is None:
            return ()
        return diff(self.base.content, self.proposal.revision.content)

    @property
    def waits(self) -> bool:
        """Whether an approval is what it waits for."""
        return self.proposal.waits

    @property
    def revisable(self) -> bool:
        """Whether there is a text that its author may change."""
        return self.proposal.state.open and self.proposal.revision.change in REVISABLE


def proposals_for(tx: Transaction, reader: Reader, limit: int) -> tuple[Proposed, ...]:
    """Return what waits for this person in particular.

    That is their own that were sent back, and what they are asked to approve.
    """
    found = [*tx.proposals.to_revise(reader, limit), *tx.proposals.to_approve(reader, limit)]
    return beside_each(tx, reader, found[:limit])


def open_changes(tx: Transaction, reader: Reader, limit: int) -> tuple[Proposed, ...]:
    """Return what else is open in this person's channels."""
    return beside_each(tx, reader, tx.proposals.open_in(reader, limit))


def beside_each(
    tx: Transaction, reader: Reader, proposals: Sequence[Proposal]
) -> tuple[Proposed, ...]:
    """Return proposals beside their entries, as this reader may act on them."""
    entries = tx.entries.by_ids(one.entry for one in proposals)
    return tuple(
        beside(tx, one, entries[one.entry], reader=reader, alone=False) for one in proposals
    )


def contested_fields(tx: Transaction, proposal: Proposal, entry: Entry) -> tuple[Field, ...]:
    """The fields that the proposal and what came into force since set differently."""
    built_on_it = proposal.records_entry or proposal.base == entry.revision.number
    if built_on_it or not proposal.state.open:
        return ()
    base = tx.revisions.get(entry.id, proposal.base)
    assert base is not None
    found = rebased(base.content, proposal.revision.content, entry.content)
    return found.fields if isinstance(found, Contested) else ()


def beside(
    tx: Transaction, proposal: Proposal, entry: Entry, *, reader: Reader, alone: bool
) -> Proposed:
    """A proposal beside its entry, as this reader may act on it."""
    base = tx.revisions.get(entry.id, proposal.base)
    assert base is not None or proposal.records_entry
    policy = tx.workspace.get().approval
    faults = faults_of(proposal)
    allowed = refusal(policy, standing(proposal, entry, reader, is_alone=alone)) is None
    proposed = Proposed(
        proposal=proposal,
        entry=entry,
        base=base,
        wanted=policy.approvals,
        contested=contested_fields(tx, proposal, entry),
        mine=proposal.author == reader.user,
        decidable=allowed
        and proposal.waits
        and (
            reader.user not in proposal.approved_by or len(proposal.approved_by) >= policy.approvals
        ),
        withdrawable=proposal.state.open and reader.user in (proposal.author, entry.owner),
        faults=faults,
    )
    return veil_proposed(proposed, tx.entries.visible_to(reader)) if reader.user else proposed


def veil_proposed(proposed: Proposed, visible: VisibleEntries) -> Proposed:
    """Return it without the keys of entries that those who read it may not see."""
    proposal = proposed.proposal
    return replace(
        proposed,
        proposal=replace(proposal, revision=veil_revision(visible, proposal.revision)),
        entry=veil_entry(visible, proposed.entry),
        base=proposed.base and veil_revision(visible, proposed.base),
    )


def faults_of(proposal: Proposal) -> tuple[str, ...]:
    """What keeps an open proposal from being approved; no matter where it changes no text."""
    if not proposal.state.open or proposal.revision.change not in REVISABLE:
        return ()
    return list_faults(proposal.revision.content)


def seen_proposal(
    tx: Transaction, reader: Reader, proposal_id: ProposalId
) -> tuple[Proposal, Entry]:
    """A proposal and its entry, for this reader.

    Raises:
        NotFoundError: there is none that they may see.
    """
    proposal = tx.proposals.get(proposal_id)
    known = tx.entries.by_id(proposal.entry) if proposal else None
    entry = tx.entries.visible_to(reader).get(known.key) if known else None
    if proposal is None or entry is None:
        raise NotFoundError(UNKNOWN_PROPOSAL)
    return proposal, entry


def require_open(entry: Entry, proposal: Proposal) -> None:
    """Refuse to act on what has ended.

    Raises:
        NotAllowedError: says how it ended.
    """
    if not proposal.state.open:
        raise NotAllowedError(
            f"{cited(entry, proposal.revision)} is already {proposal.state.words}. "
            f"`/lore history {entry.key}` shows who decided that."
        )


def standing(proposal: Proposal, entry: Entry, reader: Reader, *, is_alone: bool) -> Standing:
    """Return what a reader is to a proposal."""
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
