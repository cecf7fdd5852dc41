"""What became of a telling: told, put off, or dropped with its reason."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, count

from bot.domain.approval import ProposalId
from bot.domain.entries import ChannelId, Entry, EntryId, UserId
from bot.domain.outbox import Topic
from storage.store import Transaction


def leave_card(
    tx: Transaction,
    entry: Entry,
    *,
    channel: ChannelId,
    thread_ts: str | None,
    user: UserId,
    now: datetime,
    proposal: ProposalId | None = None,
) -> None:
    """Leave word to post an entry's card; it is drawn anew wherever it stands: see `cards_of`.

    `proposal`: the one that waits for approval on this card, of a new draft.
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


def redraw_named(tx: Transaction, before: Entry | None, after: Entry, *, now: datetime) -> None:
    """Leave word to draw anew the cards of what an entry began or ceased to name."""
    for key in sorted((before.names if before else frozenset()) ^ after.names, key=str):
        named = tx.entries.get(key)
        if named is not None:
            tx.outbox.add(
                Topic.REFRESH,
                channel=named.home,
                payload={"entry": named.id},
                due_at=now,
                at=now,
            )


def redraw_cards(tx: Transaction, channel: ChannelId, *, now: datetime) -> None:
    """Leave word to draw anew what was posted to a channel that Slack let nobody write to."""
    for entry in tx.outbox.entries_with_card_in(channel):
        tx.outbox.add(Topic.REFRESH, channel=channel, payload={"entry": entry}, due_at=now, at=now)


def card_names(entry: EntryId) -> Iterator[str]:
    """Return the names under which the cards of an entry are posted, without an end."""
    return chain([f"card:{entry}"], (f"card:{entry}:{number}" for number in count(2)))
