"""When a channel's digest goes out next."""

from datetime import datetime

from bot.domain.workspaces import Channel
from storage.store import Transaction


def replan_digest(tx: Transaction, channel: Channel, now: datetime) -> None:
    """Move what is planned to a changed schedule."""
    tx.digests.unplan(channel.id)
    if channel.live:
        plan_digest(tx, channel, now)


def next_due(tx: Transaction, channel: Channel, now: datetime) -> datetime:
    """When a channel's digest goes out next: as planned, and on no day on which one went out."""
    planned = tx.digests.next_planned(channel.id)
    if planned is not None:
        return planned.due_at
    due = channel.digest.next_after(now)
    if tx.digests.has(channel.id, channel.digest.period_of(due)):
        due = channel.digest.next_after(due)
    return due


def plan_digest(tx: Transaction, channel: Channel, now: datetime) -> None:
    """Plan a channel's next digest, if that isn't done yet."""
    due = next_due(tx, channel, now)
    tx.digests.claim(channel.id, channel.digest.period_of(due), due, now)
