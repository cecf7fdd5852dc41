"""Transfer everything that a person owns or backs up: at once, or as proposals in one message."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.approval import Proposal
from bot.domain.entries import Entry, TeamId
from bot.domain.errors import InvalidInputError
from bot.domain.reviewers import Role
from bot.domain.revisions import (
    Change,
    Content,
)
from bot.domain.visibility import Person, Reader
from bot.usecases.ownership.owner import find_same_proposal, give_at_once, needs_consent, with_owner
from bot.usecases.ownership.transfer_messages import (
    TransferredEntries,
    post_transfer,
    tell_transferred,
)
from bot.usecases.steps.changes import NewRevision, change_entry
from bot.usecases.steps.permissions import UNFIT_OWNER, require_member
from storage.store import Store, Transaction

# A transfer of more entries than this is shown first and needs a confirmation.
FEW: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StayingEntry:
    """An entry that isn't transferred, and why."""

    entry: Entry
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """The entries that pass from one person to another, or would pass.

    `owned` and `backed_up` pass at once; `waiting` need an approval, in either role. `done` False:
    nothing is stored yet.
    """

    giver: Person
    receiver: Person
    owned: tuple[Entry, ...]
    backed_up: tuple[Entry, ...]
    waiting: tuple[Entry, ...]
    left: tuple[StayingEntry, ...]
    asked_at: datetime
    done: bool

    @property
    def total(self) -> int:
        """How many entries pass on or wait for an approval."""
        return len(self.owned) + len(self.backed_up) + len(self.waiting)


def transfer_entries(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    giver: Reader,
    receiver: Reader,
    now: datetime,
    asked_at: datetime | None = None,
) -> Transfer:
    """Make the receiver own and back up what the giver does, as far as the reader can see it.

    Entries that the reader gives away themselves pass at once, and so do those of someone who is
    gone. The others become proposals, in one message. More than `FEW` entries are only shown at
    first. `asked_at`: when they were shown to the person who now confirms; an entry that changed
    since then isn't transferred.

    Raises:
        InvalidInputError: the receiver is a bot, a guest, gone, of another organization, or the
            giver.
        NotAllowedError: the reader is a guest.
    """
    require_member(reader)
    if not receiver.person.member:
        raise InvalidInputError(UNFIT_OWNER)
    if receiver.user == giver.user:
        raise InvalidInputError(
            f"{giver.person.name} already has these entries. Choose someone else to take them over."
        )
    people = _People(reader=reader, giver=giver, receiver=receiver)
    with store.read(team) as tx:
        plan = _plan(tx, people, asked_at or now)
    if not plan.total or (plan.total > FEW and asked_at is None):
        return plan
    with store.transaction(team) as tx:
        plan = _plan(tx, people, asked_at or now)
        entries = (*plan.owned, *plan.backed_up, *plan.waiting)
        tx.entries.lock(entry.id for entry in entries)
        return _transfer(tx, people, plan, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    reader: Reader
    giver: Reader
    receiver: Reader


def _plan(tx: Transaction, people: _People, asked_at: datetime) -> Transfer:
    giver, receiver = people.giver, people.receiver
    owned, backed_up, waiting = list[Entry](), list[Entry](), list[Entry]()
    staying = list[StayingEntry]()
    receiver_sees = tx.entries.visible_to(receiver)
    for entry in tx.entries.visible_to(people.reader).owned_or_backed_up_by(giver.user):
        if entry.reads_since > asked_at:
            staying.append(StayingEntry(entry=entry, why="it changed after you were asked"))
        elif receiver_sees.get(entry.key) is None:
            staying.append(
                StayingEntry(
                    entry=entry, why=f"{receiver.person.name} isn't in its private channel"
                )
            )
        elif entry.owner == receiver.user:
            staying.append(
                StayingEntry(
                    entry=entry, why=f"{receiver.person.name} owns it, so can't be its backup"
                )
            )
        elif needs_consent(tx, entry, giver.user, by=people.reader.user, described=giver):
            waiting.append(entry)
        else:
            (owned if entry.owner == giver.user else backed_up).append(entry)
    return Transfer(
        giver=giver.person,
        receiver=receiver.person,
        owned=tuple(owned),
        backed_up=tuple(backed_up),
        waiting=tuple(waiting),
        left=tuple(staying),
        asked_at=asked_at,
        done=not (owned or backed_up or waiting),
    )


def _transfer(tx: Transaction, people: _People, plan: Transfer, now: datetime) -> Transfer:
    by = people.reader.user
    owned, backed_up, waiting = list[Entry](), list[Entry](), list[Entry]()
    for entry in _load_unchanged(tx, (*plan.owned, *plan.backed_up)):
        content, change = _transferred_content(entry, people)
        moved = give_at_once(tx, entry, content, change=change, by=by, now=now, announced=False)
        (owned if change is Change.OWNER else backed_up).append(moved)
    proposals = list[tuple[Proposal, Entry]]()
    for entry in _load_unchanged(tx, plan.waiting):
        content, change = _transferred_content(entry, people)
        waiting.append(entry)
        if find_same_proposal(tx, entry, content, change=change, by=by) is None:
            changed = change_entry(
                tx,
                entry,
                NewRevision(
                    content=content,
                    author=by,
                    change=change,
                ),
                propose=True,
                now=now,
                posted=False,
            )
            assert changed.proposal is not None
            proposals.append((changed.proposal, entry))
    post_transfer(tx, proposals, giver=people.giver, receiver=people.receiver.user, now=now)
    result = replace(
        plan, owned=tuple(owned), backed_up=tuple(backed_up), waiting=tuple(waiting), done=True
    )
    passed = TransferredEntries(
        by=people.reader.person,
        giver=result.giver,
        receiver=result.receiver,
        owned=result.owned,
        backed_up=result.backed_up,
    )
    tell_transferred(tx, passed, but=by, now=now)
    return result


def _load_unchanged(tx: Transaction, entries: Iterable[Entry]) -> list[Entry]:
    """Return the current state of the locked entries that no one has just changed."""
    current = [(entry, tx.entries.by_id(entry.id, lock=True)) for entry in entries]
    return [
        now for planned, now in current if now and now.cited == planned.cited and not now.retired
    ]


def _transferred_content(entry: Entry, people: _People) -> tuple[Content, Change]:
    role = Role.OWNER if entry.owner == people.giver.user else Role.BACKUP
    if role is Role.OWNER:
        return with_owner(entry.content, people.receiver.user), Change.OWNER
    return entry.content.changed_with(backup=people.receiver.user), Change.BACKUP
