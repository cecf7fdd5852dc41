"""Entry cards, in the threads that entries come from."""

import functools
import logging
from collections.abc import Sequence

from bot.deps import Deps
from bot.domain.errors import NotFoundError
from bot.domain.outbox import Fate, OutboxItem
from bot.outbox.delivery import Drawing, post_and_finish
from bot.outbox.proposals import post_proposed
from bot.slack.api.posting import NotSentError, RefusedError, call, update_message
from bot.usecases.entries.find import read_posted_card
from bot.usecases.outbox import list_cards

log = logging.getLogger(__name__)


def send_card(deps: Deps, item: OutboxItem) -> None:
    """Post an entry's card; a draft's card is also the card of its proposal."""
    deps.people.confirm_channels()
    try:
        card = read_posted_card(deps.store, deps.team, item.payload["entry"], item.channel)
    except NotFoundError as error:
        raise RefusedError("it_lives_in_a_private_channel") from error
    if card.draft is not None and "proposal" in item.payload:
        post_proposed(deps, item, card.draft, deps.render("entry_card", card=card))
    else:
        post_and_finish(deps, item, deps.render("entry_card", card=card))


def redraw_cards(deps: Deps, item: OutboxItem) -> None:
    """Redraw an entry's cards in every channel; a card that was deleted doesn't stop the others."""
    deps.people.confirm_channels()
    withdrawn = list_cards(deps.store, deps.team, item.payload["entry"], out_of_sight=True)
    _take_down(deps, item, withdrawn)
    cards = list_cards(deps.store, deps.team, item.payload["entry"])
    for card in cards:
        try:
            update_message(deps.client, functools.partial(_card_drawing, deps, card))
        except RefusedError as error:
            about = {"item": item.id, "card": card.id, "why": error.reason}
            log.info("card_not_drawn", extra=about)
    if any(card.fate is Fate.WAITING for card in [*cards, *withdrawn]):
        # It is being sent, perhaps in its old form. It is redrawn once it was sent.
        raise NotSentError("not_posted_yet")


def _take_down(deps: Deps, item: OutboxItem, cards: Sequence[OutboxItem]) -> None:
    """Replace cards that no one may see in their channel any more with a note."""
    message = deps.render("note", text="This entry is now private to its channel.")
    for card in cards:
        if card.ts is None:
            continue
        try:
            call(deps.client, "chat.update", channel=card.channel, ts=card.ts, **message)
        except RefusedError as error:
            about = {"item": item.id, "card": card.id, "why": error.reason}
            log.info("card_not_drawn", extra=about)


def _card_drawing(deps: Deps, item: OutboxItem) -> Drawing | None:
    if item.ts is None:
        return None
    card = read_posted_card(deps.store, deps.team, item.payload["entry"], item.channel)
    message = deps.render("entry_card", card=card)
    return {"channel": item.channel, "ts": item.ts, **message}
