"""Notes: an answer or a reason in plain words, to one person."""

import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.deps import Deps
from bot.domain.entries import ChannelId
from bot.domain.outbox import OutboxItem
from bot.outbox.delivery import post_and_finish, post_ephemeral
from bot.slack.api.posting import RefusedError, direct

log = logging.getLogger(__name__)


def send_note(deps: Deps, item: OutboxItem) -> None:
    """Show a note in its channel, or in direct messages if that isn't possible."""
    message = deps.render("note", text=item.payload["text"])
    if item.user is not None and str(item.channel) == str(item.user):
        _send_directly(deps, item, message)
        return
    assert item.user is not None
    try:
        post_ephemeral(deps, item, message, item.thread_ts)
    except RefusedError as error:
        # The person or the bot isn't in that channel, and the person still needs an answer.
        log.info("sent_directly", extra={"item": item.id, "why": error.reason})
        _send_directly(deps, replace(item, channel=ChannelId(item.user)), message)


def _send_directly(deps: Deps, item: OutboxItem, message: Mapping[str, object]) -> None:
    """Post in direct messages, where a post that may have arrived is looked for first."""
    if item.attempted_at is not None:
        item = replace(item, channel=ChannelId(direct(deps.client, item.channel)))
    post_and_finish(deps, replace(item, thread_ts=None), message)
