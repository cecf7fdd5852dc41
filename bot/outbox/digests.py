"""Weekly digests: the post in the channel, and the messages that continue it in its thread."""

import functools

from bot.deps import Deps
from bot.domain.outbox import OutboxItem
from bot.outbox.delivery import Drawing, find_posted, post_and_finish, post_item
from bot.slack.api.posting import update_message
from bot.slack.render import render_digest
from bot.usecases.review.digest import read_digest, record_posted_digest


def send_digest(deps: Deps, item: OutboxItem) -> None:
    """Post a digest in its channel."""
    shown = read_digest(deps.store, deps.team, item.payload["digest"], now=deps.now())
    ts = post_item(deps, item, render_digest(deps.render, "digest_post", shown=shown))
    record_posted_digest(
        deps.store, deps.team, shown.digest.id, item=item.id, ts=ts, now=deps.now()
    )
    deps.wake()


def send_digest_more(deps: Deps, item: OutboxItem) -> None:
    """Post one of the messages that continue a digest in its thread."""
    shown = read_digest(deps.store, deps.team, item.payload["digest"], now=deps.now())
    lines = shown.chunk(item.payload["chunk"])
    post_and_finish(deps, item, render_digest(deps.render, "digest_more", lines=lines))


def redraw_digest(deps: Deps, item: OutboxItem) -> None:
    """Redraw the message of a digest that holds the item's line."""
    update_message(deps.client, functools.partial(_digest_drawing, deps, item))


def _digest_drawing(deps: Deps, item: OutboxItem) -> Drawing | None:
    shown = read_digest(deps.store, deps.team, item.payload["digest"], now=deps.now())
    chunk = shown.chunk_of(item.payload["line"])
    if chunk is None:
        if find_posted(deps, f"digest:{shown.digest.id}") is None:
            return None
        message = render_digest(deps.render, "digest_post", shown=shown)
        return {"channel": shown.digest.channel, "ts": shown.digest.ts, **message}
    more = find_posted(deps, f"digest:{shown.digest.id}:{chunk}")
    if more is None:
        return None
    message = render_digest(deps.render, "digest_more", lines=shown.chunk(chunk))
    return {"channel": shown.digest.channel, "ts": more.ts, **message}
