"""Comparing what Opslore knows of channels with what Slack lists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.entries import ChannelId, TeamId
from bot.domain.workspaces import Channel
from bot.usecases.steps.channels import keep_channel
from bot.usecases.steps.digest_schedule import replan_digest
from bot.usecases.steps.outbox import redraw_cards
from bot.usecases.steps.shared_cards import withdraw_shared_cards
from storage.store import Store, Transaction

# How old may be what is stored of a channel, when an entry of it is shown.
LIST_LASTS: Final = timedelta(minutes=1)
# Channels that the bot was removed from are not listed, so each takes a question of its own, and
# Slack allows 50 a minute.
REMOVED_FROM: Final = 30
_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Slack's answers about channels: the list of those that the bot is in, and any one."""

    mine: Callable[[], Sequence[Channel]]
    describe: Callable[[ChannelId], Channel | None]


def confirm_channels(
    store: Store, team: TeamId, directory: Directory, *, now: Callable[[], datetime]
) -> None:
    """See to it that what is stored of channels is not older than a minute.

    A missed event may have made one private, and whoever is shown an entry has to be in it then.

    Raises:
        UnavailableError: Slack or the database does not answer.
    """
    with store.read(team) as tx:
        listed_at = tx.workspace.channels_listed_at()
    at = now()
    # The clocks of two processes may differ a little, in either direction.
    if listed_at is None or abs(at - listed_at) >= LIST_LASTS:
        meet_channels(store, team, directory, now=at)


def meet_channels(store: Store, team: TeamId, directory: Directory, *, now: datetime) -> None:
    """Set right what Opslore knows by what Slack lists: events may have passed while it was away.

    A channel that became private is the reason not to wait: what lives there is its members' only.
    Asking for the list takes a while, page by page: what an event says in that time is newer than
    the list, and stays until the next one.

    Raises:
        UnavailableError: Slack or the database does not answer.
    """
    with store.read(team) as tx:
        known = tx.channels.all()
    before = _heard(known)
    listed = {channel.id: channel for channel in directory.mine()}
    closed = _closed((one for one in known if one.id not in listed), directory)
    with store.transaction(team) as tx:
        met = tx.channels.all(lock=True)
        changed_since = {channel for channel, _ in before.items() ^ _heard(met).items()}
        _compare(
            tx,
            {channel.id: channel for channel in met},
            listed=listed,
            closed=closed,
            changed_since=changed_since,
            now=now,
        )
        tx.workspace.put_channels_listed_at(now)


def _compare(
    tx: Transaction,
    known: Mapping[ChannelId, Channel],
    *,
    listed: Mapping[ChannelId, Channel],
    closed: frozenset[ChannelId],
    changed_since: set[ChannelId],
    now: datetime,
) -> None:
    """Keep how each channel is; of one that an event told of since, only that it is private."""
    now_known = [
        replace(
            known.get(channel.id, channel),
            joined=True,
            private=channel.private,
            archived=channel.archived,
            shared=channel.shared,
        )
        for channel in listed.values()
    ]
    now_known += [
        replace(one, joined=False, private=one.private or one.id in closed)
        for one in known.values()
        if one.id not in listed
    ]
    turned: dict[ChannelId, bool] = {}
    for channel in now_known:
        was = known.get(channel.id)
        if channel.id in changed_since:
            if was is None or not channel.private:
                continue
            channel = replace(was, private=True)  # noqa: PLW2901 - all else is as the event said
        if was != channel:
            keep_channel(tx, channel, now)
            replan_digest(tx, channel, now)
            if was is not None and was.joined is channel.joined:
                tx.membership_changes.note(channel.id)
            else:
                tx.membership_changes.note_everyone(channel.id)
        if was is not None and channel.private and not was.private:
            withdraw_shared_cards(tx, channel.id, now)
        if was is not None and was.archived != channel.archived:
            turned[channel.id] = channel.archived
    mark_archived(tx, turned, now)


def _closed(removed: Iterable[Channel], directory: Directory) -> frozenset[ChannelId]:
    """Of the channels that the bot was removed from, those that are not known to be public now.

    One that was deleted stays as it was.
    """
    open_before = sorted(one.id for one in removed if not (one.private or one.deleted))
    asked = open_before[:REMOVED_FROM]
    if not asked:
        return frozenset()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="channels") as pool:
        described = zip(asked, pool.map(directory.describe, asked), strict=True)
        public = {channel for channel, found in described if found and not found.private}
    return frozenset(open_before) - public


def mark_archived(tx: Transaction, archived: Mapping[ChannelId, bool], now: datetime) -> None:
    """Keep that channels were archived or brought back: their cards show what changed since."""
    tx.due_reasons.note_archived(archived, now)
    for channel in (each for each, gone in archived.items() if not gone):
        redraw_cards(tx, channel, now=now)


def _heard(channels: Sequence[Channel]) -> dict[ChannelId, datetime | None]:
    """By channel, when an event last said how the bot is there."""
    return {channel.id: channel.heard_at for channel in channels}
