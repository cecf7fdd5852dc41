"""Redrawing what was posted: which messages an outbox item of that topic concerns."""

import logging
from collections.abc import Callable
from functools import partial

from bot.deps import Deps
from bot.domain.approval import ProposalId
from bot.domain.outbox import OutboxItem
from bot.outbox.announcements import redraw_announcement
from bot.outbox.cards import redraw_cards
from bot.outbox.digests import redraw_digest
from bot.outbox.nudges import redraw_nudge
from bot.outbox.proposals import redraw_proposal, redraw_proposal_news
from bot.outbox.questions import redraw_answers
from bot.outbox.transfers import redraw_transfer
from bot.slack.api.posting import RefusedError
from bot.usecases.approval.announcements import (
    list_all_proposals,
    list_announcements,
    list_proposal_news,
)
from bot.usecases.outbox import mark_sent

log = logging.getLogger(__name__)


def redraw(deps: Deps, item: OutboxItem) -> None:
    """Redraw the messages about a digest line, a nudge, a proposal or an entry."""
    if "digest" in item.payload:
        redraw_digest(deps, item)
    elif "nudge" in item.payload:
        redraw_nudge(deps, item)
    elif "proposal" in item.payload:
        proposal = ProposalId(item.payload["proposal"])
        redraw_proposal(deps, proposal)
        redraw_transfer(deps, proposal)
    else:
        if item.payload.get("redacted") or item.payload.get("announced"):
            _redraw_changes(deps, item)
        redraw_answers(deps, item)
        redraw_cards(deps, item)
    mark_sent(deps.store, item, now=deps.now())


def _redraw_changes(deps: Deps, item: OutboxItem) -> None:
    """Redraw every message about an entry's changes, so that a redacted text is gone from them."""
    entry = item.payload["entry"]
    for proposal in list_all_proposals(deps.store, deps.team, entry):
        _redraw_if_there(item, partial(redraw_proposal, deps, proposal))
    for announcement in list_announcements(deps.store, deps.team, entry):
        _redraw_if_there(item, partial(redraw_announcement, deps, announcement))
    for news in list_proposal_news(deps.store, deps.team, entry):
        _redraw_if_there(item, partial(redraw_proposal_news, deps, news))


def _redraw_if_there(item: OutboxItem, redraw_message: Callable[[], None]) -> None:
    """Redraw one message; a message that was deleted doesn't stop the others."""
    try:
        redraw_message()
    except RefusedError as error:
        log.info("not_drawn", extra={"item": item.id, "why": error.reason})
