"""The results of earlier checks that later checks need."""

from dataclasses import dataclass, field

from bot.domain.entries import ChannelId, TeamId
from storage.health import Health


@dataclass
class Known:
    """The workspace, the bot's ID, its channels' names and its database; empty until checked."""

    team: TeamId | None = None
    bot: str = ""
    channels: dict[ChannelId, str] = field(default_factory=dict)
    database: Health | None = None
