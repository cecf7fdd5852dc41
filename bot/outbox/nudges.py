"""Nudges in people's direct messages: posted once, and redrawn as their items are handled."""

import functools

from bot.deps import Deps
from bot.domain.entries import ChannelId
from bot.domain.nudges import NudgeId
from bot.domain.outbox import Fate, OutboxItem
from bot.outbox.delivery import Drawing
from bot.slack.api.posting import (
    NotSentError,
    RefusedError,
    direct,
    find_again,
    post,
    update_message,
)
from bot.usecases.outbox import find_item
from bot.usecases.review.nudges import read_nudge, read_nudge_to_send, record_posted_nudge


def send_nudge(deps: Deps, item: OutboxItem) -> None:
    """Send a nudge if it is still for today and its receiver is at work.

    Raises:
        NotSentError, UnavailableError: another try may work.
        RefusedError: no other try will work, or the nudge is too late.
    """
    assert item.user is not None
    nudge_id = NudgeId(item.payload["nudge"])
    reader = deps.people.reader(item.user)
    shown = read_nudge_to_send(deps.store, deps.team, nudge_id, reader=reader, now=deps.now())
    channel = ChannelId(direct(deps.client, item.user))
    ts = None
    if item.attempted_at is not None:
        ts = find_again(deps.client, item.id, channel, None, item.created_at)
    if ts is None:
        if shown is None:
            raise RefusedError("not_now")
        ts = post(
            deps.client,
            item,
            deps.now,
            deps.holds,
            channel=channel,
            thread_ts=None,
            message=deps.render("nudge", shown=shown),
            earlier=None,
        )
    record_posted_nudge(
        deps.store,
        deps.team,
        nudge_id,
        item=item.id,
        channel=channel,
        ts=ts,
        now=deps.now(),
    )


def redraw_nudge(deps: Deps, item: OutboxItem) -> None:
    """Redraw a nudge in place.

    Raises:
        NotSentError: it is being sent, perhaps in its old form. Redraw it once it was sent.
    """
    update_message(deps.client, functools.partial(_nudge_drawing, deps, item))


def _nudge_drawing(deps: Deps, item: OutboxItem) -> Drawing | None:
    assert item.user is not None
    nudge_id = NudgeId(item.payload["nudge"])
    sent = find_item(deps.store, deps.team, f"nudge:{nudge_id}")
    if sent is not None and sent.fate is Fate.WAITING:
        raise NotSentError("not_posted_yet")
    reader = deps.people.reader(item.user)
    shown = read_nudge(deps.store, deps.team, nudge_id, reader=reader, now=deps.now())
    if shown.nudge.ts is None:
        return None
    message = deps.render("nudge", shown=shown)
    return {"channel": shown.nudge.channel, "ts": shown.nudge.ts, **message}
