"""The welcome in a channel that the bot was just invited to."""

from bot.deps import Deps
from bot.domain.outbox import OutboxItem
from bot.outbox.delivery import post_and_finish
from bot.slack.api.posting import RefusedError
from bot.usecases.settings.channels import read_channel


def send_welcome(deps: Deps, item: OutboxItem) -> None:
    """Post the welcome, unless the bot has left the channel again."""
    channel = read_channel(deps.store, deps.team, item.channel)
    if channel is None or not channel.live:
        raise RefusedError("left_again")
    first = channel.digest.next_after(item.created_at)
    post_and_finish(deps, item, deps.render("welcome", first=first))
