"""Where something was asked for: the channel, or the reason why it isn't one."""

from typing import Final

from bot.deps import Deps
from bot.domain.entries import ChannelId
from bot.domain.errors import NotAllowedError
from bot.domain.workspaces import Channel
from bot.usecases.settings.channels import read_channel

# How the id of a direct message begins; that of any other conversation does not.
_DIRECT: Final = "D"


def require_channel(channel: ChannelId) -> None:
    """Refuse what was asked for in a direct message, to which no one can invite Opslore.

    Raises:
        NotAllowedError: with what to do instead.
    """
    if channel.startswith(_DIRECT):
        raise NotAllowedError(
            "This works in channels, not in direct messages. Do it in a channel that Opslore is "
            "in; `/invite @Opslore` adds it to one."
        )


def channel_at(deps: Deps, channel: ChannelId) -> Channel | None:
    """Return the channel in which something was asked for; None if Opslore can't see it.

    Raises:
        NotAllowedError: it is a direct message.
    """
    require_channel(channel)
    return read_channel(deps.store, deps.team, channel) or deps.people.channel(channel)
