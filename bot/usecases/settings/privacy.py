"""A public channel that became private: what lives in it is its members' from then on."""

from datetime import datetime

from bot.domain.entries import ChannelId, TeamId
from bot.domain.outbox import Topic
from bot.domain.workspaces import Channel
from bot.usecases.steps.channels import keep_channel
from storage.store import Store, Transaction


def convert_to_private(store: Store, team: TeamId, channel: ChannelId, *, now: datetime) -> None:
    """Keep that Slack made a public channel private."""
    with store.transaction(team) as tx:
        # Slack tells of it where the bot is a member, so it is in a channel that it did not know.
        known = tx.channels.get(channel, lock=True) or Channel(team, channel, private=False)
        tx.membership_changes.note(channel)
        if not known.private:
            keep_channel(tx, known._replace(private=True), now)
            withdraw_shared_cards(tx, channel, now)
        tx.channels.heard(channel, now)


def withdraw_shared_cards(tx: Transaction, channel: ChannelId, now: datetime) -> None:
    """Leave word to take down the cards that were shared out of a channel.

    What names an entry of it elsewhere is drawn again, without the key.
    """
    for entry in tx.outbox.shared_out_of(channel):
        tx.outbox.add(Topic.REFRESH, channel=channel, payload={"entry": entry}, due_at=now, at=now)
    for entry in tx.links.into(channel):
        payload = {"entry": entry, "announced": True}
        tx.outbox.add(Topic.REFRESH, channel=channel, payload=payload, due_at=now, at=now)
