"""Messages that were posted, drawn anew in place: cards, digests, proposals, announcements."""

import functools
import logging
from collections.abc import Mapping, Sequence

from bot.deps import Deps
from bot.domain.approval import ProposalId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.outbox import Fate, OutboxItem, OutboxItemId
from bot.outbox.nudges import nudge_drawing
from bot.slack.api.posting import NotSentError, RefusedError, call, direct, draw
from bot.slack.render import render_digest
from bot.usecases.approval.announcements import (
    announcements_of,
    news_of,
    proposals_ever,
    read_announcement,
)
from bot.usecases.approval.proposals import posted_proposal, read_proposal
from bot.usecases.entries.find import posted_card
from bot.usecases.outbox import cards_of, done, posted_as
from bot.usecases.ownership.transfer_messages import read_transfer, transfer_posts
from bot.usecases.review.digest import read_digest

log = logging.getLogger(__name__)

Drawing = Mapping[str, object]


def refresh(deps: Deps, item: OutboxItem) -> None:
    """Draw posted messages anew."""
    if "digest" in item.payload:
        draw(deps.client, lambda: _digest_drawing(deps, item))
    elif "nudge" in item.payload:
        draw(deps.client, lambda: nudge_drawing(deps, item))
    elif "proposal" in item.payload:
        proposal = ProposalId(item.payload["proposal"])
        draw(deps.client, lambda: _proposal_drawing(deps, proposal))
        _refresh_transfer(deps, proposal)
    else:
        _refresh_cards(deps, item)
    done(deps.store, item, now=deps.now())


def _refresh_cards(deps: Deps, item: OutboxItem) -> None:
    """Draw an entry's cards anew, wherever it was posted; one that is gone is no hindrance."""
    if item.payload.get("redacted") or item.payload.get("announced"):
        _refresh_told(deps, item)
    deps.people.confirm_channels()
    withdrawn = cards_of(deps.store, deps.team, item.payload["entry"], out_of_sight=True)
    _take_down(deps, item, withdrawn)
    cards = cards_of(deps.store, deps.team, item.payload["entry"])
    for card in cards:
        try:
            draw(deps.client, functools.partial(_card_drawing, deps, card))
        except RefusedError as error:
            about = {"item": item.id, "card": card.id, "why": error.reason}
            log.info("card_not_drawn", extra=about)
    if any(card.fate is Fate.WAITING for card in [*cards, *withdrawn]):
        # It is on its way, perhaps as it was before, so it is drawn anew after that.
        raise NotSentError("not_posted_yet")


def _refresh_transfer(deps: Deps, proposal_id: ProposalId) -> None:
    """Draw the messages of a transfer again, if the proposal is part of one."""
    posts = transfer_posts(deps.store, deps.team, proposal_id)
    for post in posts:
        draw(deps.client, functools.partial(_transfer_drawing, deps, post))
    if any(post.fate is Fate.WAITING for post in posts):
        # It is on its way, perhaps as it was before, so it is drawn again after that.
        raise NotSentError("not_posted_yet")


def _transfer_drawing(deps: Deps, post: OutboxItem) -> Drawing | None:
    if post.ts is None:
        return None
    reader = None if post.user is None else deps.people.reader(post.user)
    transfer = read_transfer(deps.store, post, reader=reader)
    if not transfer.parts:
        return None
    message = deps.render("transfer_card", transfer=transfer)
    return {"channel": _place(deps, post), "ts": post.ts, **message}


def _take_down(deps: Deps, item: OutboxItem, cards: Sequence[OutboxItem]) -> None:
    """Put a note in the place of cards that no one may see there any more."""
    message = deps.render("note", text="This entry is now private to its channel.")
    for card in cards:
        if card.ts is None:
            continue
        try:
            call(deps.client, "chat.update", channel=card.channel, ts=card.ts, **message)
        except RefusedError as error:
            about = {"item": item.id, "card": card.id, "why": error.reason}
            log.info("card_not_drawn", extra=about)


def _refresh_told(deps: Deps, item: OutboxItem) -> None:
    """Draw anew what told of an entry's changes, without the text that was taken out."""
    entry = item.payload["entry"]
    drawings = [
        functools.partial(_proposal_drawing, deps, proposal)
        for proposal in proposals_ever(deps.store, deps.team, entry)
    ]
    drawings += [
        functools.partial(_announcement_drawing, deps, found)
        for found in announcements_of(deps.store, deps.team, entry)
    ]
    drawings += [
        functools.partial(_news_drawing, deps, found)
        for found in news_of(deps.store, deps.team, entry)
    ]
    for drawing in drawings:
        try:
            draw(deps.client, drawing)
        except RefusedError as error:
            log.info("not_drawn", extra={"item": item.id, "why": error.reason})


def _card_drawing(deps: Deps, card: OutboxItem) -> Drawing | None:
    if card.ts is None:
        return None
    shown = posted_card(deps.store, deps.team, card.payload["entry"], card.channel)
    message = deps.render("entry_card", card=shown)
    return {"channel": card.channel, "ts": card.ts, **message}


def _proposal_drawing(deps: Deps, proposal: ProposalId) -> Drawing | None:
    card = posted(deps, f"proposal:{proposal}")
    if card is None:
        return None
    proposed = posted_proposal(deps.store, deps.team, proposal)
    message = deps.render("proposal_card", proposed=proposed)
    return {"channel": card.channel, "ts": card.ts, **message}


def _announcement_drawing(deps: Deps, item: OutboxItem) -> Drawing | None:
    if item.ts is None:
        return None
    entry, number = item.payload["entry"], item.payload["revision"]
    reader = deps.people.reader(item.user) if item.user is not None else None
    found = read_announcement(deps.store, deps.team, entry, number, reader=reader)
    message = deps.render("announcement", found=found, mentioned=())
    return {"channel": _place(deps, item), "ts": item.ts, **message}


def _news_drawing(deps: Deps, item: OutboxItem) -> Drawing | None:
    """What somebody was told of a proposal; taken down where they may not see it any more."""
    if item.ts is None or item.user is None:
        return None
    proposal, reader = ProposalId(item.payload["proposal"]), deps.people.reader(item.user)
    try:
        proposed = read_proposal(deps.store, deps.team, proposal, reader=reader)
    except (NotFoundError, NotAllowedError):
        message = deps.render(
            "note", text="This message was removed, because a text in it was redacted."
        )
    else:
        message = deps.render("proposal_news", proposed=proposed)
    return {"channel": _place(deps, item), "ts": item.ts, **message}


def _place(deps: Deps, item: OutboxItem) -> str:
    """Where it stands: a message of direct messages is changed by their id, not by the person's."""
    return item.channel if item.user is None else direct(deps.client, item.user)


def _digest_drawing(deps: Deps, item: OutboxItem) -> Drawing | None:
    shown = read_digest(deps.store, deps.team, item.payload["digest"], now=deps.now())
    chunk = shown.chunk_of(item.payload["line"])
    if chunk is None:
        if posted(deps, f"digest:{shown.digest.id}") is None:
            return None
        message = render_digest(deps.render, "digest_post", shown=shown)
        return {"channel": shown.digest.channel, "ts": shown.digest.ts, **message}
    more = posted(deps, f"digest:{shown.digest.id}:{chunk}")
    if more is None:
        return None
    message = render_digest(deps.render, "digest_more", lines=shown.chunk(chunk))
    return {"channel": shown.digest.channel, "ts": more.ts, **message}


def posted(deps: Deps, once: str, *, but: OutboxItemId | None = None) -> OutboxItem | None:
    """What was posted as such; None if it never will be, or is the one of the id `but`.

    Raises:
        NotSentError: it is on its way, perhaps as it was before, so it is drawn anew after that.
    """
    found = posted_as(deps.store, deps.team, once)
    if found is not None and found.id == but:
        return None
    if found is not None and found.fate is Fate.WAITING:
        raise NotSentError("not_posted_yet")
    return None if found is None or found.ts is None else found
