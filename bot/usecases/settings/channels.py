"""The channels that Opslore is in, and what they and the workspace have set."""

from dataclasses import replace
from datetime import datetime, time

from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import InvalidInputError, NotAllowedError
from bot.domain.outbox import Topic
from bot.domain.schedule import WEEKDAYS, Schedule, zone_of
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel, Watching
from bot.usecases.settings.channel_list import mark_archived
from bot.usecases.steps.channels import keep_channel
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
    """Opslore was invited: listen there, in the inviter's time zone, and say so once."""
    with store.transaction(channel.team) as tx:
        if not tx.messages.claim_event(event_id, now):
            return
        # Everybody who is there shares one channel more with the bot.
        tx.membership_changes.note_everyone(channel.id)
        known = tx.channels.get(channel.id, lock=True)
        # What Slack lists may have been read before the event came, and greets nobody.
        met = known is not None and known.heard_at is not None
        digest = known.digest if known else Schedule()
        if not met and digest == Schedule():
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
        if not met:
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
    """Keep that Opslore left a channel, or that it was archived, brought back or deleted."""
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
            keep_channel(tx, changed, now)
        tx.channels.set_heard_at(channel, now)
        if changed.archived != known.archived:
            mark_archived(tx, {channel: changed.archived}, now)


def move_channel(
    store: Store, team: TeamId, old: ChannelId, new: ChannelId, *, now: datetime
) -> None:
    """A channel's id changed, as when it is first shared with another organisation.

    Where it was met under the new one before Slack said so, it keeps what people had set.
    """
    with store.transaction(team) as tx:
        locked = tx.channels.by_ids((old, new), lock=True)
        before, met = locked.get(old), locked.get(new)
        tx.channels.change_id(old, new)
        tx.membership_changes.note_everyone(old, new)
        if before and met:
            kept = replace(
                met,
                watched=before.watched,
                muted=before.muted,
                digest=before.digest,
                heard_at=now,
            )
            tx.channels.put(kept)
            replan_digest(tx, kept, now)
        tx.audit.add(OPSLORE, "channel_moved", new, {"from": old}, now)


def watch(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    channel: Channel | None,
    on: bool | None,
    now: datetime,
) -> Watching:
    """Turn listening on or off in a channel, or just tell how it stands (`on` None).

    Turning it on also ends a mute.

    Raises:
        NotAllowedError: Opslore is not in the channel, or the person is a guest.
    """
    require_served(reader)
    if channel is None or not channel.joined:
        raise NotAllowedError("Opslore isn't in this channel. Invite it first: `/invite @Opslore`.")
    if on is None:
        with store.read(team) as tx:
            return _watching(tx, tx.channels.get(channel.id) or channel, now)
    require_member(reader)
    with store.transaction(team) as tx:
        known = tx.channels.get(channel.id, lock=True) or channel
        known = replace(known, watched=on, muted=False if on else known.muted, joined=True)
        tx.channels.put(known)
        replan_digest(tx, known, now)
        tx.audit.add(reader.user, "watch_on" if on else "watch_off", channel.id, {}, now)
        return _watching(tx, known, now)


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
) -> Watching:
    """Set when a channel's digest goes out; tells when it does next.

    Raises:
        InvalidInputError: with the reason beside the field.
        NotAllowedError: the person is a guest.
    """
    require_member(reader)
    schedule = Schedule(
        weekday=_weekday(weekday), at=_time(at), timezone=zone_of((timezone or "").strip()).key
    )
    with store.transaction(team) as tx:
        met = tx.channels.get(channel.id, lock=True)
        known = replace((met or channel), digest=schedule)
        tx.channels.put(known)
        replan_digest(tx, known, now)
        details = {"weekday": schedule.weekday, "at": at, "timezone": schedule.timezone}
        tx.audit.add(reader.user, "digest_set", channel.id, details, now)
        return _watching(tx, known, now)


def channel_of(store: Store, team: TeamId, channel: ChannelId) -> Channel | None:
    """What Opslore knows of a channel; None if it was never in it."""
    with store.read(team) as tx:
        return tx.channels.get(channel)


def _watching(tx: Transaction, channel: Channel, now: datetime) -> Watching:
    return Watching(
        channel=channel,
        entries=tx.entries.for_digests([channel.id]).tally(now)[channel.id].in_force,
        next_digest=next_due(tx, channel, now),
    )


def _weekday(said: str) -> int:
    if said in {str(day) for day in range(len(WEEKDAYS))}:
        return int(said)
    raise InvalidInputError("Choose a day.", {"weekday": "Choose a day of the week."})


def _time(said: str) -> time:
    try:
        return datetime.strptime(said, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        raise InvalidInputError("Choose a time.", {"time": "Choose a time like 09:00."}) from None
