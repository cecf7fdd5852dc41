"""Compare the stored channels with those that Slack lists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.entries import ChannelId, TeamId
from bot.domain.workspaces import Channel
from bot.usecases.steps.channels import store_channel
from bot.usecases.steps.digest_schedule import replan_digest
from bot.usecases.steps.outbox import redraw_cards
from bot.usecases.steps.shared_cards import withdraw_shared_cards
from storage.store import Store, Transaction

# When an entry is shown, the stored state of its channel is at most this old.
LIST_LASTS: Final = timedelta(minutes=1)
# Slack's list omits channels that the bot was removed from, so each takes a separate call, and
# Slack allows 50 a minute.
REMOVED_FROM: Final = 30
_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Slack's answers about channels: the list of those that the bot is in, and single ones."""

    mine: Callable[[], Sequence[Channel]]
    describe: Callable[[ChannelId], Channel | None]


def confirm_channels(
    store: Store, team: TeamId, directory: Directory, *, now: Callable[[], datetime]
) -> None:
    """Refresh the stored channels if they are older than a minute.

    An event that was missed may have made one private, and then only its members may see its
    entries.

    Raises:
        UnavailableError: Slack or the database does not answer.
    """
    with store.read(team) as tx:
        listed_at = tx.workspace.channels_listed_at()
    at = now()
    # The clocks of two processes may differ a little, in either direction.
    if listed_at is None or abs(at - listed_at) >= LIST_LASTS:
        refresh_channels(store, team, directory, now=at)


def refresh_channels(store: Store, team: TeamId, directory: Directory, *, now: datetime) -> None:
    """Update the stored channels from Slack's list, because events may have been missed.

    This can't wait: if a channel became private, only its members may see its entries. The list
    takes a while to load, page by page. An event that arrives in that time is newer than the list,
    so it is kept.

    Raises:
        UnavailableError: Slack or the database does not answer.
    """
    with store.read(team) as tx:
        known = tx.channels.all()
    before = _last_events(known)
    listed = {channel.id: channel for channel in directory.mine()}
    closed = _find_closed((stored for stored in known if stored.id not in listed), directory)
    with store.transaction(team) as tx:
        stored = tx.channels.all(lock=True)
        changed_since = {channel for channel, _ in before.items() ^ _last_events(stored).items()}
        _compare(
            tx,
            {channel.id: channel for channel in stored},
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
    """Store each channel as listed; of one with a newer event, only whether it is private."""
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
        replace(channel, joined=False, private=channel.private or channel.id in closed)
        for channel in known.values()
        if channel.id not in listed
    ]
    archived: dict[ChannelId, bool] = {}
    for channel in now_known:
        before = known.get(channel.id)
        if channel.id in changed_since:
            if before is None or not channel.private:
                continue
            channel = replace(before, private=True)  # noqa: PLW2901 - all else is as the event said
        if before != channel:
            store_channel(tx, channel, now)
            replan_digest(tx, channel, now)
            if before is not None and before.joined is channel.joined:
                tx.membership_changes.note(channel.id)
            else:
                tx.membership_changes.note_everyone(channel.id)
        if before is not None and channel.private and not before.private:
            withdraw_shared_cards(tx, channel.id, now)
        if before is not None and before.archived != channel.archived:
            archived[channel.id] = channel.archived
    mark_archived(tx, archived, now)


def _find_closed(removed: Iterable[Channel], directory: Directory) -> frozenset[ChannelId]:
    """Return which of the channels that the bot was removed from aren't known to be public now.

    A channel that was deleted stays as it was.
    """
    open_before = sorted(
        channel.id for channel in removed if not (channel.private or channel.deleted)
    )
    described_ids = open_before[:REMOVED_FROM]
    if not described_ids:
        return frozenset()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="channels") as pool:
        answers = zip(described_ids, pool.map(directory.describe, described_ids), strict=True)
        public = {channel for channel, answer in answers if answer and not answer.private}
    return frozenset(open_before) - public


def mark_archived(tx: Transaction, archived: Mapping[ChannelId, bool], now: datetime) -> None:
    """Store that channels were archived or brought back; redraw the cards of the latter."""
    tx.due_reasons.note_archived(archived, now)
    for channel in (archived_channel for archived_channel, gone in archived.items() if not gone):
        redraw_cards(tx, channel, now=now)


def _last_events(channels: Sequence[Channel]) -> dict[ChannelId, datetime | None]:
    """Return for each channel when an event last reported on the bot's membership."""
    return {channel.id: channel.heard_at for channel in channels}
