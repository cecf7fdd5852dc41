"""Store channels as Slack describes them."""

from datetime import datetime

from bot.domain.audit_acts import OPSLORE
from bot.domain.workspaces import Channel
from storage.store import Transaction


def store_channel(tx: Transaction, channel: Channel, now: datetime) -> None:
    """Store a channel as Slack describes it, and audit that."""
    tx.channels.put(channel)
    details = {
        "joined": channel.joined,
        "private": channel.private,
        "archived": channel.archived,
    }
    tx.audit.add(OPSLORE, "channel_changed", channel.id, details, now)
