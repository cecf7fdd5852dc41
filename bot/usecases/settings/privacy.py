"""Public channels that become private; from then on only their members may see their entries."""

from dataclasses import replace
from datetime import datetime

from bot.domain.entries import ChannelId, TeamId
from bot.domain.workspaces import Channel
from bot.usecases.steps.channels import store_channel
from bot.usecases.steps.shared_cards import withdraw_shared_cards
from storage.store import Store


def convert_to_private(store: Store, team: TeamId, channel: ChannelId, *, now: datetime) -> None:
    """Store that Slack made a public channel private."""
    with store.transaction(team) as tx:
        # Slack sends this event only to members, so the bot is in the channel even if it isn't
        # stored.
        known = tx.channels.get(channel, lock=True) or Channel(team=team, id=channel, private=False)
        tx.membership_changes.note(channel)
        if not known.private:
            store_channel(tx, replace(known, private=True), now)
            withdraw_shared_cards(tx, channel, now)
        tx.channels.set_heard_at(channel, now)
