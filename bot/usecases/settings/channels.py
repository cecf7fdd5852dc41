"""Channels that Opslore is in, and their settings."""

from dataclasses import replace
from datetime import datetime, time

from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import InvalidInputError, NotAllowedError
from bot.domain.outbox import Topic
from bot.domain.schedule import WEEKDAYS, Schedule, zone_of
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel, ChannelStatus
from bot.usecases.settings.channel_list import mark_archived
from bot.usecases.steps.channels import store_channel
from bot.usecases.steps.digest_schedule import next_due, replan_digest
from bot.usecases.steps.permissions import require_member, require_served
from storage.store import Store, Transaction


def join_channel(
    store: Store,
    channel: Channel,
    *,
    event_id: str,
    timezone: str,
    inviter: UserId | None,
    now: datetime,
) -> None:
    """Store that Opslore was invited, with the inviter's time zone, and post a welcome once."""
    with store.transaction(channel.team) as tx:
        if not tx.messages.claim_event(event_id, now):
            return
        # Everyone in the channel now shares one more channel with the bot.
        tx.membership_changes.note_everyone(channel.id)
        known = tx.channels.get(channel.id, lock=True)
        # The channel may be stored already from Slack's list, which posts no welcome.
        was_welcomed = known is not None and known.heard_at is not None
        digest = known.digest if known else Schedule()
        if not was_welcomed and digest == Schedule():
            digest = Schedule(timezone=timezone)
        invited = replace(
            (known or channel),
            joined=True,
            archived=channel.archived,
            private=channel.private,
            shared=channel.shared,
            deleted=False,
            digest=digest,
            heard_at=now,
        )
        tx.channels.put(invited)
        if known and known.digest != digest:
            replan_digest(tx, invited, now)
        details = {"private": channel.private}
        tx.audit.add(inviter or OPSLORE, "channel_joined", channel.id, details, now)
        if not was_welcomed:
            tx.outbox.add(
                Topic.WELCOME,
                channel=channel.id,
                user=inviter,
                payload={},
                due_at=now,
                at=now,
            )


def change_channel(
    store: Store,
    team: TeamId,
    channel: ChannelId,
    *,
    joined: bool | None = None,
    archived: bool | None = None,
    deleted: bool | None = None,
    now: datetime,
) -> None:
    """Store that Opslore left a channel, or that it was archived, brought back or deleted."""
    with store.transaction(team) as tx:
        known = tx.channels.get(channel, lock=True)
        if joined is None:
            tx.membership_changes.note(channel)
        else:
            tx.membership_changes.note_everyone(channel)
        if known is None:
            return
        changed = replace(
            known,
            joined=known.joined if joined is None else joined,
            archived=known.archived if archived is None else archived,
            deleted=known.deleted if deleted is None else deleted,
        )
        if changed != known:
            store_channel(tx, changed, now)
        tx.channels.set_heard_at(channel, now)
        if changed.archived != known.archived:
            mark_archived(tx, {channel: changed.archived}, now)


def move_channel(
    store: Store, team: TeamId, old: ChannelId, new: ChannelId, *, now: datetime
) -> None:
    """Store that a channel's id changed, as when it is first shared with another organization.

    If Opslore stored it under the new id before Slack reported the change, its settings are copied
    there.
    """
    with store.transaction(team) as tx:
        locked = tx.channels.by_ids((old, new), lock=True)
        old_channel, new_channel = locked.get(old), locked.get(new)
        tx.channels.change_id(old, new)
        tx.membership_changes.note_everyone(old, new)
        if old_channel and new_channel:
            merged = replace(
                new_channel,
                watched=old_channel.watched,
                muted=old_channel.muted,
                digest=old_channel.digest,
                heard_at=now,
            )
            tx.channels.put(merged)
            replan_digest(tx, merged, now)
        tx.audit.add(OPSLORE, "channel_moved", new, {"from": old}, now)


def set_watching(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    channel: Channel | None,
    on: bool | None,
    now: datetime,
) -> ChannelStatus:
    """Turn listening on or off in a channel, or return its state (`on` None).

    Turning it on also ends a mute.

    Raises:
        NotAllowedError: Opslore isn't in the channel, or the person is a guest.
    """
    require_served(reader)
    if channel is None or not channel.joined:
        raise NotAllowedError("Opslore isn't in this channel. Invite it first: `/invite @Opslore`.")
    if on is None:
        with store.read(team) as tx:
            return _describe_watching(tx, tx.channels.get(channel.id) or channel, now)
    require_member(reader)
    with store.transaction(team) as tx:
        known = tx.channels.get(channel.id, lock=True) or channel
        known = replace(known, watched=on, muted=False if on else known.muted, joined=True)
        tx.channels.put(known)
        replan_digest(tx, known, now)
        tx.audit.add(reader.user, "watch_on" if on else "watch_off", channel.id, {}, now)
        return _describe_watching(tx, known, now)


def set_digest(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    channel: Channel,
    weekday: str,
    at: str,
    timezone: str,
    now: datetime,
) -> ChannelStatus:
    """Set when a channel's digest goes out, and return when that is next.

    Raises:
        InvalidInputError: with the reason for the field.
        NotAllowedError: the person is a guest.
    """
    require_member(reader)
    schedule = Schedule(
        weekday=_parse_weekday(weekday),
        at=_parse_time(at),
        timezone=zone_of((timezone or "").strip()).key,
    )
    with store.transaction(team) as tx:
        stored = tx.channels.get(channel.id, lock=True)
        changed = replace((stored or channel), digest=schedule)
        tx.channels.put(changed)
        replan_digest(tx, changed, now)
        details = {"weekday": schedule.weekday, "at": at, "timezone": schedule.timezone}
        tx.audit.add(reader.user, "digest_set", channel.id, details, now)
        return _describe_watching(tx, changed, now)


def read_channel(store: Store, team: TeamId, channel: ChannelId) -> Channel | None:
    """Return a stored channel; None if Opslore was never in it."""
    with store.read(team) as tx:
        return tx.channels.get(channel)


def _describe_watching(tx: Transaction, channel: Channel, now: datetime) -> ChannelStatus:
    return ChannelStatus(
        channel=channel,
        entries=tx.entries.for_digests([channel.id]).tally(now)[channel.id].in_force,
        next_digest=next_due(tx, channel, now),
    )


def _parse_weekday(typed: str) -> int:
    if typed in {str(day) for day in range(len(WEEKDAYS))}:
        return int(typed)
    raise InvalidInputError("Choose a day.", {"weekday": "Choose a day of the week."})


def _parse_time(typed: str) -> time:
    try:
        return datetime.strptime(typed, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        raise InvalidInputError("Choose a time.", {"time": "Choose a time like 09:00."}) from None
