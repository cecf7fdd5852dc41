"""What the checks so far have brought to light, for those that build on it."""

from dataclasses import dataclass, field

from bot.domain.entries import ChannelId, TeamId
from storage.health import Health


@dataclass
class Known:
    """The workspace, the bot's id, the names of its channels and its database; empty until seen."""

    team: TeamId | None = None
    bot: str = ""
    channels: dict[ChannelId, str] = field(default_factory=dict)
    database: Health | None = None
