"""Transfers: the entries that pass from one person to another, in each home channel."""

import functools

from bot.deps import Deps
from bot.domain.approval import ProposalId
from bot.domain.outbox import Fate, OutboxItem
from bot.outbox.delivery import Drawing, addressed_directly, channel_of_post, post_and_finish
from bot.slack.api.posting import NotSentError, RefusedError, update_message
from bot.usecases.ownership.transfer_messages import list_transfer_posts, read_transfer


def send_transfer(deps: Deps, item: OutboxItem) -> None:
    """Ask for the approval of a transfer: in a home channel, or the current owner directly."""
    reader = None if item.user is None else deps.people.reader(item.user)
    transfer = read_transfer(deps.store, item, reader=reader)
    if not transfer.parts or (item.user is not None and not transfer.is_waiting):
        raise RefusedError("settled")
    place = item if item.user is None else addressed_directly(deps, item)
    post_and_finish(deps, place, deps.render("transfer_card", transfer=transfer))


def send_transferred(deps: Deps, item: OutboxItem) -> None:
    """Announce in a home channel which entries passed to another person."""
    post_and_finish(deps, item, deps.render("note", text=item.payload["text"]))


def redraw_transfer(deps: Deps, proposal_id: ProposalId) -> None:
    """Redraw the messages of a transfer, if the proposal is part of one."""
    posts = list_transfer_posts(deps.store, deps.team, proposal_id)
    for post in posts:
        update_message(deps.client, functools.partial(_transfer_drawing, deps, post))
    if any(post.fate is Fate.WAITING for post in posts):
        # It is being sent, perhaps in its old form. It is redrawn once it was sent.
        raise NotSentError("not_posted_yet")


def _transfer_drawing(deps: Deps, item: OutboxItem) -> Drawing | None:
    if item.ts is None:
        return None
    reader = None if item.user is None else deps.people.reader(item.user)
    transfer = read_transfer(deps.store, item, reader=reader)
    if not transfer.parts:
        return None
    message = deps.render("transfer_card", transfer=transfer)
    return {"channel": channel_of_post(deps, item), "ts": item.ts, **message}
