"""Read proposals as a person or a channel may see them."""

from typing import Final

from bot.domain.approval import (
    ProposalId,
)
from bot.domain.entries import TeamId
from bot.domain.errors import NotFoundError
from bot.domain.visibility import Reader, anyone_in
from bot.usecases.approval.policy import IsAlone
from bot.usecases.steps.permissions import load_entry, require_served
from bot.usecases.steps.proposals import (
    UNKNOWN_PROPOSAL,
    ShownProposal,
    hide_proposal_links,
    list_open_proposals,
    list_waiting_proposals,
    load_proposal,
    show_proposal,
    show_proposals,
)
from bot.usecases.steps.visible_links import visible_in_channel
from storage.store import Store

LISTED: Final = 3


def read_proposal(
    store: Store,
    team: TeamId,
    proposal_id: ProposalId,
    *,
    reader: Reader,
    is_alone: IsAlone | None = None,
) -> ShownProposal:
    """Return a proposal as this person can act on it.

    `alone` tells whether they are the only person who could approve; without it, others are assumed
    to.

    Raises:
        NotFoundError, NotAllowedError: there is no such proposal that they may see.
    """
    require_served(reader)
    with store.read(team) as tx:
        proposal, entry = load_proposal(tx, reader, proposal_id)
    # Slack is asked between two transactions, because it may be slow.
    is_author = is_alone is not None and proposal.author == reader.user
    is_only_approver = (
        is_author and is_alone is not None and is_alone(reader.user, entry.home, proposal.owner)
    )
    with store.read(team) as tx:
        proposal, entry = load_proposal(tx, reader, proposal_id)
        return show_proposal(tx, proposal, entry, reader=reader, is_alone=is_only_approver)


def read_posted_proposal(store: Store, team: TeamId, proposal_id: ProposalId) -> ShownProposal:
    """Return a proposal as everyone in its home channel may see it.

    Raises:
        NotFoundError: there is no such proposal.
    """
    with store.read(team) as tx:
        proposal = tx.proposals.get(proposal_id)
        entry = tx.entries.by_id(proposal.entry) if proposal else None
        if proposal is None or entry is None:
            raise NotFoundError(UNKNOWN_PROPOSAL)
        shown = show_proposal(tx, proposal, entry, reader=anyone_in(entry.home), is_alone=False)
        return hide_proposal_links(shown, visible_in_channel(tx, entry.home))


def list_proposals(
    store: Store, team: TeamId, *, reader: Reader, key: str
) -> tuple[tuple[ShownProposal, ...], tuple[ShownProposal, ...]]:
    """Return an entry's open proposals; without a key, those waiting for this person.

    The second value is empty with a key. Without one, it has the other open proposals in this
    person's channels.

    Raises:
        NotFoundError, NotAllowedError: there is no such entry that they may see.
    """
    require_served(reader)
    with store.read(team) as tx:
        if not key:
            return list_waiting_proposals(tx, reader, LISTED), list_open_proposals(
                tx, reader, LISTED
            )
        entry = load_entry(tx.entries.visible_to(reader), key)
        return show_proposals(tx, reader, tx.proposals.of(entry.id)[:LISTED]), ()
