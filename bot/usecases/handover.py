"""Handing over all that a person owns or backs up, in one step and with one word about it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from bot.domain.entries import ChannelId, Entry, Key, TeamId, UserId
from bot.domain.errors import InvalidInputError
from bot.domain.revisions import Change, Content
from bot.domain.telling import Topic
from bot.domain.visibility import Person, Reader
from bot.usecases.allowed import UNFIT_OWNER, require_member
from bot.usecases.ownership import hand_on, owned_by
from storage.store import Store, Transaction

# More than these are shown first, and move once somebody says so.
FEW: Final = 5
_NAMED: Final = 10


class Left(NamedTuple):
    """An entry that stays with whoever has it, and why."""

    entry: Entry
    why: str


class Handover(NamedTuple):
    """What passed from one person to another, or, where it is not `done`, would pass."""

    giver: Person
    receiver: Person
    owned: tuple[Entry, ...]
    backed_up: tuple[Entry, ...]
    left: tuple[Left, ...]
    asked_at: datetime
    done: bool

    @property
    def total(self) -> int:
        """How many entries it is about."""
        return len(self.owned) + len(self.backed_up)


def hand_over(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    giver: Person,
    receiver: Reader,
    now: datetime,
    asked_at: datetime | None = None,
) -> Handover:
    """Make the receiver own and back up what the giver does, as far as the reader may change it.

    More than a few entries are only shown at first. `asked_at`: when they were shown to the one
    who now says yes; what changed since then stays.

    Raises:
        InvalidInputError: the receiver is a bot, a guest, gone, of another organisation, or the
            giver.
        NotAllowedError: guests change nothing.
    """
    require_member(reader)
    if not receiver.person.member:
        raise InvalidInputError(UNFIT_OWNER)
    if receiver.user == giver.id:
        raise InvalidInputError(f"{giver.name} has it already; name somebody else to take it over.")
    with store.read(team) as tx:
        found = _looked_over(tx, reader, giver, receiver, asked_at or now)
    if not found.total or (found.total > FEW and asked_at is None):
        return found
    with store.transaction(team) as tx:
        found = _looked_over(tx, reader, giver, receiver, asked_at or now)
        tx.entries.lock(entry.id for entry in (*found.owned, *found.backed_up))
        move = partial(_moved, tx, giver=giver.id, receiver=receiver.user, by=reader.user, now=now)
        done = found._replace(owned=move(found.owned), backed_up=move(found.backed_up), done=True)
        if done.total and receiver.user != reader.user:
            tx.outbox.add(
                Topic.NOTE,
                channel=ChannelId(receiver.user),
                user=receiver.user,
                payload={"text": _told(done, reader.person)},
                due_at=now,
                at=now,
            )
        return done


def _looked_over(
    tx: Transaction, reader: Reader, giver: Person, receiver: Reader, asked_at: datetime
) -> Handover:
    owned, backed_up, left = list[Entry](), list[Entry](), list[Left]()
    sees = tx.entries.visible_to(receiver)
    for entry in tx.entries.visible_to(reader).looked_after_by(giver.id):
        if entry.reads_since > asked_at:
            left.append(Left(entry, "it changed since you were asked"))
        elif sees.get(entry.key) is None:
            left.append(Left(entry, f"{receiver.person.name} is not in its private channel"))
        elif entry.owner == giver.id:
            owned.append(entry)
        elif entry.owner == receiver.user:
            left.append(Left(entry, f"{receiver.person.name} owns it, so can't be its backup"))
        else:
            backed_up.append(entry)
    return Handover(
        giver,
        receiver.person,
        tuple(owned),
        tuple(backed_up),
        tuple(left),
        asked_at,
        done=not (owned or backed_up),
    )


def _moved(
    tx: Transaction,
    entries: Iterable[Entry],
    *,
    giver: UserId,
    receiver: UserId,
    by: UserId,
    now: datetime,
) -> tuple[Entry, ...]:
    """The entries with their new owner or backup; what somebody changed just now is left."""
    moved = []
    for entry in entries:
        current = tx.entries.by_id(entry.id, lock=True)
        if current is None or current.cited != entry.cited or current.retired:
            continue
        content, change = _handed(current, giver, receiver)
        moved.append(hand_on(tx, current, content, change=change, by=by, now=now, announced=False))
    return tuple(moved)


def _handed(entry: Entry, giver: UserId, receiver: UserId) -> tuple[Content, Change]:
    if entry.owner == giver:
        return owned_by(entry.content, receiver), Change.OWNER
    return entry.content.changed_with(backup=receiver), Change.BACKUP


def _told(done: Handover, by: Person) -> str:
    whose = "" if by.id == done.giver.id else f" what was {done.giver.name}'s"
    parts = [
        f"you {does} {_listed([entry.key for entry in entries])}"
        for does, entries in (("own", done.owned), ("back up", done.backed_up))
        if entries
    ]
    return (
        f"{by.name} handed over to you{whose}: {' and '.join(parts)} now. `/lore review` says what "
        "of it is due."
    )


def _listed(keys: Sequence[Key]) -> str:
    named = ", ".join(str(key) for key in keys[:_NAMED])
    rest = len(keys) - _NAMED
    return f"{named} and {rest} more" if rest > 0 else named
