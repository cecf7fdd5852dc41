"""Outbox items that post and redraw the cards of entries."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, count

from bot.domain.approval import ProposalId
from bot.domain.entries import ChannelId, Entry, EntryId, UserId
from bot.domain.outbox import Topic
from storage.store import Transaction


def queue_card(
    tx: Transaction,
    entry: Entry,
    *,
    channel: ChannelId,
    thread_ts: str | None,
    user: UserId,
    now: datetime,
    proposal: ProposalId | None = None,
) -> None:
    """Post an entry's card; later changes redraw it wherever it was posted, see `list_cards`.

    `proposal`: the proposal of a new draft, which this card asks to approve.
    """
    asked = {} if proposal is None else {"proposal": proposal}
    for once in card_names(entry.id):
        added = tx.outbox.add(
            Topic.CARD,
            channel=channel,
            thread_ts=thread_ts,
            user=user,
            payload={"entry": entry.id, **asked},
            due_at=now,
            at=now,
            once=once,
        )
        if added is not None:
            return


def redraw_linked_cards(
    tx: Transaction, before: Entry | None, after: Entry, *, now: datetime
) -> None:
    """Redraw the cards of the entries to which a change added or removed a link."""
    for key in sorted((before.names if before else frozenset()) ^ after.names, key=str):
        entry = tx.entries.get(key)
        if entry is not None:
            tx.outbox.add(
                Topic.REFRESH,
                channel=entry.home,
                payload={"entry": entry.id},
                due_at=now,
                at=now,
            )


def redraw_cards(tx: Transaction, channel: ChannelId, *, now: datetime) -> None:
    """Redraw the cards in a channel to which Slack didn't allow writing for a time."""
    for entry in tx.outbox.entries_with_card_in(channel):
        tx.outbox.add(Topic.REFRESH, channel=channel, payload={"entry": entry}, due_at=now, at=now)


def card_names(entry: EntryId) -> Iterator[str]:
    """Return the names under which the cards of an entry are posted, endlessly."""
    return chain([f"card:{entry}"], (f"card:{entry}:{number}" for number in count(2)))
