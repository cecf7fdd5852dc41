"""What became of a telling: told, put off, or dropped with its reason."""

from datetime import datetime, timedelta

from bot.domain.entries import ChannelId, TeamId
from bot.domain.telling import FEWEST_TRIES, GIVE_UP, Telling, Topic, pause_after
from storage.store import Store


def done(store: Store, telling: Telling, *, now: datetime, ts: str | None = None) -> None:
    """It was told; `ts` is the timestamp of what was posted."""
    with store.transaction(telling.team) as tx:
        tx.outbox.told(telling.id, now, ts)


def put_off(
    store: Store, telling: Telling, *, now: datetime, pause: timedelta, maybe: bool, reason: str
) -> bool:
    """It did not go through: try again later, or give up after a day. Whether it still waits.

    `maybe`: it may have arrived nonetheless, and is looked for before it is sent again.
    """
    if now - telling.created_at > GIVE_UP and telling.attempts >= FEWEST_TRIES:
        drop(store, telling, now=now, reason=f"gave_up: {reason}")
        return False
    until = now + max(pause, pause_after(telling.attempts + 1))
    with store.transaction(telling.team) as tx:
        tx.outbox.postpone(telling.id, until, maybe or telling.attempted_at is not None)
    return True


def drop(store: Store, telling: Telling, *, now: datetime, reason: str) -> None:
    """It can never be told. Whoever waits for a card or asked for it hears why."""
    with store.transaction(telling.team) as tx:
        tx.outbox.drop(telling.id, reason, now)
        if telling.topic is Topic.CARD and telling.user is not None:
            entry = tx.entries.by_id(telling.payload["entry"])
            assert entry is not None
            tx.outbox.add(
                Topic.NOTE,
                channel=ChannelId(telling.user),
                user=telling.user,
                payload={
                    "text": f"{entry.key} is saved, but its card can't be posted where it belongs "
                    f"({reason.replace('_', ' ')}). `/lore show {entry.key}` shows it."
                },
                due_at=now,
                at=now,
            )


def card_of(store: Store, team: TeamId, once: str) -> Telling | None:
    """The telling that posted an entry's card or a part of a digest, with where it stands."""
    with store.read(team) as tx:
        return tx.outbox.by_once(once)
