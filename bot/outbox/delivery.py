"""Posting for all kinds of outbox items, and finding the messages that were posted."""

from collections.abc import Mapping
from dataclasses import replace

from bot.deps import Deps
from bot.domain.entries import ChannelId
from bot.domain.outbox import Fate, OutboxItem, OutboxItemId
from bot.slack.api.posting import NotSentError, call, direct, post, require_time
from bot.usecases.outbox import find_item, mark_sent

# The arguments of `chat.update`: channel, ts and the message.
Drawing = Mapping[str, object]


def post_and_finish(deps: Deps, item: OutboxItem, message: Mapping[str, object]) -> None:
    """Post a message to the item's channel and thread, and record that it was sent."""
    ts = post_item(deps, item, message)
    mark_sent(deps.store, item, ts=ts, now=deps.now())


def post_item(deps: Deps, item: OutboxItem, message: Mapping[str, object]) -> str:
    """Post a message to the item's channel and thread once, and return its timestamp."""
    return post(
        deps.client,
        item,
        deps.now,
        deps.holds,
        channel=item.channel,
        thread_ts=item.thread_ts,
        message=message,
        earlier=item.created_at if item.attempted_at is not None else None,
    )


def post_ephemeral(
    deps: Deps, item: OutboxItem, message: Mapping[str, object], thread_ts: str | None
) -> None:
    """Show a message to the item's person alone, and record that it was sent."""
    require_time(item, deps.now())
    call(
        deps.client,
        "chat.postEphemeral",
        channel=item.channel,
        user=item.user,
        **({"thread_ts": thread_ts} if thread_ts else {}),
        **message,
    )
    mark_sent(deps.store, item, now=deps.now())


def addressed_directly(deps: Deps, item: OutboxItem) -> OutboxItem:
    """Return the item with the ID of its person's direct messages as its channel.

    Slack accepts the person's ID for a post, but reads a conversation's history by its own ID only.
    """
    assert item.user is not None
    return replace(item, channel=ChannelId(direct(deps.client, item.user)))


def channel_of_post(deps: Deps, item: OutboxItem) -> str:
    """Return the channel where an item was posted; direct messages are updated by their own ID."""
    return item.channel if item.user is None else direct(deps.client, item.user)


def find_posted(deps: Deps, once: str, *, but: OutboxItemId | None = None) -> OutboxItem | None:
    """Return the item that was posted under this name; None if it never will be, or is `but`.

    Raises:
        NotSentError: it is being sent, perhaps in its old form. Redraw it once it was sent.
    """
    item = find_item(deps.store, deps.team, once)
    if item is not None and item.id == but:
        return None
    if item is not None and item.fate is Fate.WAITING:
        raise NotSentError("not_posted_yet")
    return None if item is None or item.ts is None else item
