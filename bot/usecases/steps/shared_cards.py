"""Cards that were shared out of a channel that is private now."""

from datetime import datetime

from bot.domain.entries import ChannelId
from bot.domain.outbox import Topic
from storage.store import Transaction


def withdraw_shared_cards(tx: Transaction, channel: ChannelId, now: datetime) -> None:
    """Leave word to take down the cards that were shared out of a channel.

    What names an entry of it elsewhere is drawn again, without the key.
    """
    for entry in tx.outbox.entries_shared_from(channel):
        tx.outbox.add(Topic.REFRESH, channel=channel, payload={"entry": entry}, due_at=now, at=now)
    for entry in tx.links.linking_into(channel):
        payload = {"entry": entry, "announced": True}
        tx.outbox.add(Topic.REFRESH, channel=channel, payload=payload, due_at=now, at=now)
