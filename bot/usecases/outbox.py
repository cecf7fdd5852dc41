"""The results of sending outbox items: sent, postponed, or dropped with a reason."""

from datetime import datetime, timedelta
from itertools import takewhile

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.nudges import NudgeOutcome
from bot.domain.outbox import FEWEST_TRIES, GIVE_UP, OutboxItem, Topic, pause_after
from bot.usecases.steps.outbox import card_names
from storage.store import Store, Transaction


def mark_sent(store: Store, item: OutboxItem, *, now: datetime, ts: str | None = None) -> None:
    """Record that an item was sent; `ts` is the timestamp of the posted message."""
    with store.transaction(item.team) as tx:
        tx.outbox.mark_sent(item.id, now, ts)


def postpone(
    store: Store,
    item: OutboxItem,
    *,
    now: datetime,
    pause: timedelta | None,
    maybe: bool,
    reason: str,
) -> bool:
    """Postpone an item that couldn't be sent, or give up after a day. Return False if it gave up.

    `pause`: how long to wait; None to wait longer after each attempt. `maybe`: the item may have
    arrived nevertheless, so the sender looks for it before it sends again. An item that another
    sender has claimed since then isn't changed.
    """
    if now - item.created_at > GIVE_UP and item.attempts >= FEWEST_TRIES:
        return not drop_item(store, item, now=now, reason=f"gave_up: {reason}")
    until = now + (pause or pause_after(item.attempts + 1))
    with store.transaction(item.team) as tx:
        tx.outbox.postpone(item, until, maybe or item.attempted_at is not None)
    return True


def drop_item(store: Store, item: OutboxItem, *, now: datetime, reason: str) -> bool:
    """Give up an item that can never be sent, and tell the person who is waiting for it why.

    That is the person who asked for a card, or the author of a proposal. Return False, and tell no
    one, if another sender has claimed the item since then.
    """
    with store.transaction(item.team) as tx:
        if not tx.outbox.drop(item, reason, now):
            return False
        if item.topic is Topic.NUDGE:
            tx.nudges.set_outcome(item.payload["nudge"], NudgeOutcome.NOT_SENT, now)
        why = reason.replace("_", " ")
        if item.topic is Topic.CARD and item.user is not None:
            entry = tx.entries.by_id(item.payload["entry"])
            assert entry is not None
            text = f"{entry.key} is saved, but its card couldn't be posted in its channel ({why})."
            if item.channel != entry.home:
                text = f"{entry.key} couldn't be shared there ({why})."
            text += f" `/lore show {entry.key}` shows it."
            if entry.is_draft and item.channel == entry.home:
                text += f" Others can approve it with `/lore review {entry.key}`."
            _queue_note(tx, item.user, text, now)
        if item.topic is Topic.PROPOSAL:
            proposal = tx.proposals.get(item.payload["proposal"])
            assert proposal is not None
            entry = tx.entries.by_id(proposal.entry)
            assert entry is not None
            text = (
                f"Your change to {entry.key} is saved, but couldn't be posted in its channel "
                f"({why}). Others can approve it with `/lore review {entry.key}`."
            )
            _queue_note(tx, proposal.author, text, now)
    return True


def _queue_note(tx: Transaction, user: UserId, text: str, now: datetime) -> None:
    tx.outbox.add(
        Topic.NOTE, channel=ChannelId(user), user=user, payload={"text": text}, due_at=now, at=now
    )


def list_cards(
    store: Store, team: TeamId, entry: EntryId, *, out_of_sight: bool = False
) -> list[OutboxItem]:
    """Return the posted cards of an entry whose readers may see it.

    `out_of_sight`: return the other ones instead: those shared before the home channel became
    private.
    """
    with store.read(team) as tx:
        loaded = tx.entries.by_id(entry)
        home = None if loaded is None else tx.channels.get(loaded.home)
        cards = map(tx.outbox.get_by_once, card_names(entry))
        return [
            card
            for card in takewhile(lambda card: card is not None, cards)
            if card is not None
            and home is not None
            and (card.channel == home.id or not home.private) is not out_of_sight
        ]


def find_item(store: Store, team: TeamId, once: str) -> OutboxItem | None:
    """Return the outbox item that posted a nudge or a part of a digest; None if there isn't one."""
    with store.read(team) as tx:
        return tx.outbox.get_by_once(once)
