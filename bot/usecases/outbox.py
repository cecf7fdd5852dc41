"""What became of an outbox item: sent, put off, or dropped with its reason."""

from datetime import datetime, timedelta
from itertools import takewhile

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.nudges import Came
from bot.domain.outbox import FEWEST_TRIES, GIVE_UP, OutboxItem, Topic, pause_after
from bot.usecases.steps.outbox import card_names
from storage.store import Store, Transaction


def done(store: Store, item: OutboxItem, *, now: datetime, ts: str | None = None) -> None:
    """It was told; `ts` is the timestamp of what was posted."""
    with store.transaction(item.team) as tx:
        tx.outbox.mark_sent(item.id, now, ts)


def put_off(
    store: Store,
    item: OutboxItem,
    *,
    now: datetime,
    pause: timedelta | None,
    maybe: bool,
    reason: str,
) -> bool:
    """It did not go through: try again later, or give up after a day. False where it is given up.

    `maybe`: it may have arrived nonetheless, and is looked for before it is sent again. What
    another sender has claimed since is left to it. `pause` is how long to wait where that is known;
    else each try waits longer than the one before.
    """
    if now - item.created_at > GIVE_UP and item.attempts >= FEWEST_TRIES:
        return not drop(store, item, now=now, reason=f"gave_up: {reason}")
    until = now + (pause or pause_after(item.attempts + 1))
    with store.transaction(item.team) as tx:
        tx.outbox.postpone(item, until, maybe or item.attempted_at is not None)
    return True


def drop(store: Store, item: OutboxItem, *, now: datetime, reason: str) -> bool:
    """It can never be told. Whoever waits for a card, or proposed what it shows, hears why.

    False, and nobody hears anything, where another sender has claimed it since.
    """
    with store.transaction(item.team) as tx:
        if not tx.outbox.drop(item, reason, now):
            return False
        if item.topic is Topic.NUDGE:
            tx.nudges.set_outcome(item.payload["nudge"], Came.NOT_SENT, now)
        why = reason.replace("_", " ")
        if item.topic is Topic.CARD and item.user is not None:
            entry = tx.entries.by_id(item.payload["entry"])
            assert entry is not None
            said = f"{entry.key} is saved, but its card couldn't be posted in its channel ({why})."
            if item.channel != entry.home:
                said = f"{entry.key} couldn't be shared there ({why})."
            said += f" `/lore show {entry.key}` shows it."
            if entry.is_draft and item.channel == entry.home:
                said += f" Others can approve it with `/lore review {entry.key}`."
            _note(tx, item.user, said, now)
        if item.topic is Topic.PROPOSAL:
            proposal = tx.proposals.get(item.payload["proposal"])
            assert proposal is not None
            entry = tx.entries.by_id(proposal.entry)
            assert entry is not None
            said = (
                f"Your change to {entry.key} is saved, but couldn't be posted in its channel "
                f"({why}). Others can approve it with `/lore review {entry.key}`."
            )
            _note(tx, proposal.author, said, now)
    return True


def _note(tx: Transaction, user: UserId, text: str, now: datetime) -> None:
    tx.outbox.add(
        Topic.NOTE, channel=ChannelId(user), user=user, payload={"text": text}, due_at=now, at=now
    )


def cards_of(
    store: Store, team: TeamId, entry: EntryId, *, out_of_sight: bool = False
) -> list[OutboxItem]:
    """Return the tellings of an entry's card where its readers may see it.

    `out_of_sight`: return those instead that were shared before their home became private.
    """
    with store.read(team) as tx:
        found = tx.entries.by_id(entry)
        home = None if found is None else tx.channels.get(found.home)
        cards = map(tx.outbox.get_by_once, card_names(entry))
        return [
            card
            for card in takewhile(lambda card: card is not None, cards)
            if card is not None
            and home is not None
            and (card.channel == home.id or not home.private) is not out_of_sight
        ]


def posted_as(store: Store, team: TeamId, once: str) -> OutboxItem | None:
    """The telling that posted a nudge or a part of a digest, with where it stands."""
    with store.read(team) as tx:
        return tx.outbox.get_by_once(once)
