"""Proposal cards in the entry's home channel, and messages about proposals to single people."""

import functools
from collections.abc import Mapping

from bot.deps import Deps
from bot.domain.approval import ProposalId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.outbox import OutboxItem
from bot.outbox.delivery import (
    Drawing,
    addressed_directly,
    channel_of_post,
    find_posted,
    post_and_finish,
    post_item,
)
from bot.slack.api.posting import RefusedError, update_message
from bot.usecases.approval.announcements import record_posted_proposal
from bot.usecases.approval.proposals import read_posted_proposal, read_proposal
from bot.usecases.steps.proposals import ShownProposal


def send_proposal(deps: Deps, item: OutboxItem) -> None:
    """Post a proposal's card in the home channel of its entry."""
    proposed = read_posted_proposal(deps.store, deps.team, item.payload["proposal"])
    post_proposed(deps, item, proposed, deps.render("proposal_card", proposed=proposed))


def post_proposed(
    deps: Deps, item: OutboxItem, proposed: ShownProposal, message: Mapping[str, object]
) -> None:
    """Post the card of a proposal, and send it to the owner too if they can't read it there."""
    proposal, entry = proposed.proposal, proposed.entry
    owner = deps.people.known_reader(entry.owner)
    # The card mentions the owner, but Slack doesn't notify people of channels they aren't in.
    missed = owner.person.member and item.channel not in owner.channels
    ts = post_item(deps, item, message)
    record_posted_proposal(
        deps.store, item, proposal, entry, ts=ts, to_owner=missed, now=deps.now()
    )
    deps.wake()


def redraw_proposal(deps: Deps, proposal_id: ProposalId) -> None:
    """Redraw a proposal's card in place."""
    update_message(deps.client, functools.partial(_proposal_drawing, deps, proposal_id))


def send_proposal_news(deps: Deps, item: OutboxItem) -> None:
    """Send a person a direct message about a proposal that needs them, or ended without them."""
    assert item.user is not None
    proposal, reader = ProposalId(item.payload["proposal"]), deps.people.reader(item.user)
    try:
        proposed = read_proposal(deps.store, deps.team, proposal, reader=reader)
    except (NotFoundError, NotAllowedError) as error:
        # They left the entry's private channel, or may no longer use Opslore.
        raise RefusedError("out_of_sight") from error
    if not (proposed.mine or proposed.proposal.state.open):
        raise RefusedError("settled")
    message = deps.render("proposal_news", proposed=proposed)
    post_and_finish(deps, addressed_directly(deps, item), message)


def redraw_proposal_news(deps: Deps, item: OutboxItem) -> None:
    """Redraw a person's message about a proposal, or take it down if they can't see that now."""
    update_message(deps.client, functools.partial(_news_drawing, deps, item))


def _proposal_drawing(deps: Deps, proposal_id: ProposalId) -> Drawing | None:
    card = find_posted(deps, f"proposal:{proposal_id}")
    if card is None:
        return None
    proposed = read_posted_proposal(deps.store, deps.team, proposal_id)
    message = deps.render("proposal_card", proposed=proposed)
    return {"channel": card.channel, "ts": card.ts, **message}


def _news_drawing(deps: Deps, item: OutboxItem) -> Drawing | None:
    if item.ts is None or item.user is None:
        return None
    proposal, reader = ProposalId(item.payload["proposal"]), deps.people.reader(item.user)
    try:
        proposed = read_proposal(deps.store, deps.team, proposal, reader=reader)
    except (NotFoundError, NotAllowedError):
        text = "This message was removed, because a text in it was redacted."
        message = deps.render("note", text=text)
    else:
        message = deps.render("proposal_news", proposed=proposed)
    return {"channel": channel_of_post(deps, item), "ts": item.ts, **message}
