"""When a channel's next digest goes out."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.workspaces import Channel
from storage.store import Transaction


def replan_digest(tx: Transaction, channel: Channel, now: datetime) -> None:
    """Move the planned digest after its schedule changed."""
    tx.digests.unplan(channel.id)
    if channel.live:
        plan_digests(tx, [channel], now)


def next_due(tx: Transaction, channel: Channel, now: datetime) -> datetime:
    """Return when a channel's next digest goes out, never twice for the same period."""
    planned = tx.digests.next_planned(channel.id)
    if planned is not None:
        return planned.due_at
    due = channel.digest.next_after(now)
    if tx.digests.has(channel.id, channel.digest.period_of(due)):
        due = channel.digest.next_after(due)
    return due


def plan_digests(tx: Transaction, channels: Iterable[Channel], now: datetime) -> None:
    """Plan the next digest of each locked channel that has none planned."""
    by_id = {channel.id: channel for channel in channels}
    planned = tx.digests.planned_in(list(by_id))
    for channel in by_id.values():
        if channel.id not in planned:
            _plan(tx, channel, now)


def _plan(tx: Transaction, channel: Channel, now: datetime) -> None:
    """Plan a channel's next digest, on a day on which none went out."""
    due = channel.digest.next_after(now)
    if tx.digests.claim(channel.id, channel.digest.period_of(due), due, now) is None:
        due = channel.digest.next_after(due)
        tx.digests.claim(channel.id, channel.digest.period_of(due), due, now)
