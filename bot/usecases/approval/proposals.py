"""What is proposed, as a person may see it and act on it."""

from typing import Final

from bot.domain.approval import (
    ProposalId,
)
from bot.domain.entries import TeamId
from bot.domain.errors import NotFoundError
from bot.domain.visibility import Reader, anyone_in
from bot.usecases.approval.policy import Alone
from bot.usecases.steps.permissions import found, require_served
from bot.usecases.steps.proposals import (
    UNKNOWN_PROPOSAL,
    Proposed,
    beside,
    beside_each,
    open_changes,
    proposals_for,
    seen_proposal,
    veil_proposed,
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
    alone: Alone | None = None,
) -> Proposed:
    """A proposal as this person may act on it; without `alone`, as if others could too.

    Raises:
        NotFoundError, NotAllowedError: there is none that they may see.
    """
    require_served(reader)
    with store.read(team) as tx:
        proposal, entry = seen_proposal(tx, reader, proposal_id)
    # Slack is asked between two transactions, for it may be slow.
    mine = alone is not None and proposal.author == reader.user
    by_oneself = mine and alone is not None and alone(reader.user, entry.home, proposal.owner)
    with store.read(team) as tx:
        proposal, entry = seen_proposal(tx, reader, proposal_id)
        return beside(tx, proposal, entry, reader=reader, alone=by_oneself)


def posted_proposal(store: Store, team: TeamId, proposal_id: ProposalId) -> Proposed:
    """A proposal as the home channel of its entry sees it.

    Raises:
        NotFoundError: there is none.
    """
    with store.read(team) as tx:
        proposal = tx.proposals.get(proposal_id)
        entry = tx.entries.by_id(proposal.entry) if proposal else None
        if proposal is None or entry is None:
            raise NotFoundError(UNKNOWN_PROPOSAL)
        shown = beside(tx, proposal, entry, reader=anyone_in(entry.home), alone=False)
        return veil_proposed(shown, visible_in_channel(tx, entry.home))


def proposals_to_review(
    store: Store, team: TeamId, *, reader: Reader, key: str
) -> tuple[tuple[Proposed, ...], tuple[Proposed, ...]]:
    """Return what is open of the entry of a key; without one, what waits for this person.

    Beside that, without a key, what else is open in this person's channels.

    Raises:
        NotFoundError, NotAllowedError: there is no such entry that they may see.
    """
    require_served(reader)
    with store.read(team) as tx:
        if not key:
            return proposals_for(tx, reader, LISTED), open_changes(tx, reader, LISTED)
        entry = found(tx.entries.visible_to(reader), key)
        return beside_each(tx, reader, tx.proposals.of(entry.id)[:LISTED]), ()
