"""A public channel that became private: what lives in it is its members' from then on."""

from dataclasses import replace
from datetime import datetime

from bot.domain.entries import ChannelId, TeamId
from bot.domain.workspaces import Channel
from bot.usecases.steps.channels import keep_channel
from bot.usecases.steps.shared_cards import withdraw_shared_cards
from storage.store import Store


def convert_to_private(store: Store, team: TeamId, channel: ChannelId, *, now: datetime) -> None:
    """Keep that Slack made a public channel private."""
    with store.transaction(team) as tx:
        # Slack tells of it where the bot is a member, so it is in a channel that it did not know.
        known = tx.channels.get(channel, lock=True) or Channel(team=team, id=channel, private=False)
        tx.membership_changes.note(channel)
        if not known.private:
            keep_channel(tx, replace(known, private=True), now)
            withdraw_shared_cards(tx, channel, now)
        tx.channels.set_heard_at(channel, now)
