"""`opslore digest --dry-run`: printing each channel's digest as it would be now."""

import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from slack_sdk.errors import SlackClientError

from bot.app import build
from bot.deps import Deps
from bot.domain.entries import ChannelId, UserId
from bot.settings import Settings
from bot.slack.render import render_digest
from bot.slack.terminal import draw
from bot.usecases.review.digest import preview_digest
from storage.migrate import open_current

_WIDEST: Final = 100


def print_digests(
    settings: Settings,
    channel_id: str | None,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """Print the digest of one channel, or of each that Opslore listens in, as it would be now.

    Nothing is posted or stored. Return the exit status: 1 if there is no digest to print.

    Raises:
        NotFoundError: Opslore doesn't know the channel.
        SettingsError: Slack rejected the bot token.
        SchemaError: the database is from a newer version of Opslore.
        UnavailableError: the database is out of date, or the database or Slack doesn't answer.
    """
    with open_current(settings.database_url) as store:
        deps = build(settings, store, now=now, patient=False).deps
        channels = [ChannelId(channel_id)] if channel_id else _live(deps)
        for channel in channels:
            print(_draw_digest(deps, channel), end="\n\n")
        if not channels:
            print("Opslore isn't listening in any channel yet. Invite it: `/invite @Opslore`.")
        return 0 if channels else 1


def _live(deps: Deps) -> list[ChannelId]:
    with deps.store.read(deps.team) as tx:
        return [channel.id for channel in tx.channels.all() if channel.live]


def _draw_digest(deps: Deps, channel: ChannelId) -> str:
    now = deps.now()
    shown = preview_digest(deps.store, deps.team, channel, describe=deps.find_reader, now=now)
    tty = sys.stdout.isatty()
    drawing = draw(
        render_digest(deps.render, "digest_post", shown=shown),
        width=min(_WIDEST, shutil.get_terminal_size().columns),
        names=lambda user: deps.people.name(UserId(user)),
        colour=tty,
        hyperlinks=tty,
    )
    return f"{_place(deps, channel)}, as of {now:%Y-%m-%d %H:%M} UTC\n\n{drawing}"


def _place(deps: Deps, channel: ChannelId) -> str:
    """Return the channel's name, or its ID if Slack doesn't answer."""
    try:
        return f"#{deps.client.conversations_info(channel=channel)['channel']['name']}"
    except (SlackClientError, OSError):
        return channel
