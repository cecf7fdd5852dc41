"""Channel events: the bot is invited or removed, channels change, people come and go."""

import logging
from collections.abc import Callable

from slack_bolt import App, Args

from bot.deps import Deps
from bot.domain.entries import ChannelId, UserId
from bot.domain.errors import UnavailableError
from bot.slack.payloads.events import event_of
from bot.slack.payloads.fields import ident, needed, optional
from bot.usecases.review.due_reasons import update_due_reasons
from bot.usecases.settings.channels import change_channel, join_channel, move_channel
from bot.usecases.settings.membership import note_move

log = logging.getLogger(__name__)

_LEFT = ("channel_left", "group_left")
_DELETED = ("channel_deleted", "group_deleted")
_ARCHIVED = {
    "channel_archive": True,
    "group_archive": True,
    "channel_unarchive": False,
    "group_unarchive": False,
}


def register(app: App, deps: Deps) -> None:
    """Register the events about membership and about channels."""

    @app.event("member_joined_channel")
    def joined(args: Args) -> None:
        event = event_of(args.body)
        user, channel = UserId(ident(event, "user")), ChannelId(ident(event, "channel"))
        if user == deps.bot_user:
            _join(deps, channel, args)
        else:
            _note_move(deps, user, channel)

    @app.event("member_left_channel")
    def left(args: Args) -> None:
        event = event_of(args.body)
        user, channel = UserId(ident(event, "user")), ChannelId(ident(event, "channel"))
        _note_move(deps, user, channel)

    @app.event("channel_id_changed")
    def renumbered(args: Args) -> None:
        event = event_of(args.body)
        old = ChannelId(ident(event, "old_channel_id"))
        new = ChannelId(ident(event, "new_channel_id"))
        move_channel(deps.store, deps.team, old, new, now=deps.now())

    for event in _LEFT:
        app.event(event)(_changing(deps, joined=False))
    for event in _DELETED:
        app.event(event)(_changing(deps, joined=False, deleted=True))
    for event, archived in _ARCHIVED.items():
        app.event(event)(_changing(deps, archived=archived))

    @app.event("app_uninstalled")
    def uninstalled() -> None:
        log.warning("uninstalled", extra={"team": deps.team})

    @app.event("tokens_revoked")
    def revoked() -> None:
        log.warning("tokens_revoked", extra={"team": deps.team})


def _note_move(deps: Deps, user: UserId, channel: ChannelId) -> None:
    """Update the due reasons of a channel's entries, which may depend on a person who moved.

    Raises:
        UnavailableError: Slack didn't answer. The event isn't acknowledged, so Slack repeats it.
    """
    note_move(deps.store, deps.team, user, channel)
    update_due_reasons(
        deps.store,
        deps.team,
        describe=deps.people.reader,
        channel=channel,
        user=user,
        now=deps.now(),
    )
    deps.wake()


def _join(deps: Deps, channel: ChannelId, args: Args) -> None:
    deps.people.forget(channel=channel)
    joined = deps.people.channel(channel)
    if joined is None:
        # The bot was removed again before this call; the event for that follows.
        return
    inviter = optional(event_of(args.body), "inviter")
    join_channel(
        deps.store,
        joined,
        event_id=needed(args.body, "event_id"),
        timezone=_timezone(deps, inviter),
        inviter=UserId(inviter) if inviter else None,
        now=deps.now(),
    )
    deps.wake()


def _timezone(deps: Deps, inviter: str) -> str:
    try:
        return deps.people.person(UserId(inviter)).timezone if inviter else "UTC"
    except UnavailableError:
        return "UTC"


def _changing(
    deps: Deps,
    *,
    joined: bool | None = None,
    archived: bool | None = None,
    deleted: bool | None = None,
) -> Callable[[Args], None]:
    """Return a listener with a single parameter, because Bolt fills in all others by name."""

    def changed(args: Args) -> None:
        change_channel(
            deps.store,
            deps.team,
            ChannelId(ident(event_of(args.body), "channel")),
            joined=joined,
            archived=archived,
            deleted=deleted,
            now=deps.now(),
        )

    return changed
