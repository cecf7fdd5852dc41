"""Cards that were shared outside a channel that is now private."""

from datetime import datetime

from bot.domain.entries import ChannelId
from bot.domain.outbox import Topic
from storage.store import Transaction


def withdraw_shared_cards(tx: Transaction, channel: ChannelId, now: datetime) -> None:
    """Take down the cards that were shared outside a channel.

    Messages elsewhere that link to its entries are redrawn without the keys.
    """
    for entry in tx.outbox.entries_shared_from(channel):
        tx.outbox.add(Topic.REFRESH, channel=channel, payload={"entry": entry}, due_at=now, at=now)
    for entry in tx.links.linking_into(channel):
        payload = {"entry": entry, "announced": True}
        tx.outbox.add(Topic.REFRESH, channel=channel, payload=payload, due_at=now, at=now)
