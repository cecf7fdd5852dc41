"""Keeping what Slack says of a channel, in the transaction of what a person does there."""

from datetime import datetime

from bot.domain.audit_acts import OPSLORE
from bot.domain.workspaces import Channel
from storage.store import Transaction


def keep_channel(tx: Transaction, channel: Channel, now: datetime) -> None:
    """Keep a channel as Slack describes it; the audit says how that is."""
    tx.channels.put(channel)
    details = {
        "joined": channel.joined,
        "private": channel.private,
        "archived": channel.archived,
    }
    tx.audit.add(OPSLORE, "channel_changed", channel.id, details, now)
