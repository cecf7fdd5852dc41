"""Update the due reasons of entries whose people left or came back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Final

from bot.domain.audit_acts import OPSLORE
from bot.domain.certification import DueReasonKind
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.visibility import Reader
from bot.usecases.steps.changes import redraw_entry
from bot.usecases.steps.reviewers import DescribePerson
from storage.due_reasons import OF_PEOPLE, EntryPeople
from storage.store import Store, Transaction

PersonReason = tuple[EntryId, DueReasonKind, UserId]
# The stored reasons; the value is True if that person left the channel.
StoredReasons = Mapping[PersonReason, bool]
Changes = Mapping[UserId, Mapping[EntryId, StoredReasons]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """How many entries are read at once, and how many are changed in one transaction."""

    read: int = 1_000
    written: int = 10


BATCHES: Final = Batches()


class _State(Enum):
    """The state of a person on whom an entry relies."""

    GONE = "gone"
    LEFT = "left"
    THERE = "there"
    # A member who owns an entry in a public channel without being in it.
    ELSEWHERE = "elsewhere"


def update_due_reasons(
    store: Store,
    team: TeamId,
    *,
    describe: DescribePerson,
    now: datetime,
    describe_afresh: DescribePerson | None = None,
    channel: ChannelId | None = None,
    user: UserId | None = None,
    batches: Batches = BATCHES,
) -> None:
    """Add due reasons to entries whose people are gone, and lift those of people who are back.

    `channel` and `user`: this user joined or left this channel, so only its entries that rely on
    them are checked. If Slack doesn't say how a person is, nothing changes. `describe_afresh` asks
    Slack again about a person before anything is changed: checking everyone takes a while, and some
    join or leave in that time.

    Entries are read in batches. Each change is a transaction of a few entries, so others write in
    between; the next run finds what this one didn't get to.
    """
    describe, moved = cache(describe), user is not None
    changes = _find_changes(store, team, describe, (channel, user), batches.read)
    ask = describe if moved else describe_afresh or describe
    for person, entries in sorted(changes.items()):
        reader = ask(person)
        if reader is None:
            continue
        ids = sorted(entries)
        for first in range(0, len(ids), batches.written):
            before = {entry: entries[entry] for entry in ids[first : first + batches.written]}
            with store.transaction(team) as tx:
                _apply_changes(tx, reader, before, moved=moved, now=now)


def _find_changes(
    store: Store,
    team: TeamId,
    describe: DescribePerson,
    where: tuple[ChannelId | None, UserId | None],
    most: int,
) -> Changes:
    """Return for each person the entries whose due reasons have to be added or lifted."""
    channel, user = where
    changes: defaultdict[UserId, dict[EntryId, StoredReasons]] = defaultdict(dict)
    last: EntryId | None = None
    while True:
        with store.read(team) as tx:
            watched = tx.due_reasons.list_people(last, most, home=channel, user=user)
            stored = tx.due_reasons.about_people([row.entry for row in watched])
        states = _find_states(_list_relations(watched, user), describe, moved=user is not None)
        for entry, _, person in _reasons_to_add(states, stored) | _reasons_to_lift(states, stored):
            reasons = [(entry, kind, person) for kind in OF_PEOPLE]
            changes[person][entry] = {
                reason: stored[reason] for reason in reasons if reason in stored
            }
        if len(watched) < most:
            return changes
        last = watched[-1].entry


def _apply_changes(
    tx: Transaction,
    reader: Reader,
    before: Mapping[EntryId, StoredReasons],
    *,
    moved: bool,
    now: datetime,
) -> None:
    """Add and lift the due reasons of some entries that rely on one person."""
    tx.entries.lock(before)
    # Since the first read, an entry may name other people, or an event may have changed a reason.
    current = tx.due_reasons.about_people(before)
    stored = {reason: left for reasons in before.values() for reason, left in reasons.items()}
    person = reader.person.id
    states = _find_states(
        _list_relations(tx.due_reasons.list_people_of(before), person),
        lambda _: reader,
        moved=moved,
    )
    added = sorted(_reasons_to_add(states, current) & _reasons_to_add(states, stored))
    lifted = sorted(_reasons_to_lift(states, current) & _reasons_to_lift(states, stored))
    for entry, kind, _ in added:
        left = states[entry, kind, person] is _State.LEFT
        tx.due_reasons.add(entry, kind, now, about=person, left=left)
    for entry, kind, _ in lifted:
        tx.due_reasons.lift(entry, kind, person)
    entries = tx.entries.by_ids(entry for entry, _, _ in [*added, *lifted])
    noted = [
        ("due_reason_changed" if reason in current else "due_at_once", reason) for reason in added
    ]
    for action, (entry, kind, _) in [*noted, *(("due_no_longer", reason) for reason in lifted)]:
        details = {"cause": kind.value, "about": person}
        tx.audit.add(OPSLORE, action, str(entries[entry].key), details, now)
    # Cards show why an entry is due, and offer to take over an entry without an owner.
    for changed in entries.values():
        redraw_entry(tx, changed, now)


def list_homes(store: Store, team: TeamId) -> list[ChannelId]:
    """Return the home channels of entries whose members the bot can see."""
    with store.read(team) as tx:
        homes = set(tx.due_reasons.homes())
        return [
            channel.id for channel in tx.channels.all() if channel.joined and channel.id in homes
        ]


def _list_relations(
    watched: Iterable[EntryPeople], user: UserId | None
) -> Iterator[tuple[EntryPeople, DueReasonKind, UserId]]:
    """Yield each entry with each person it relies on, or only with this user."""
    for entry in watched:
        for kind, person in entry.people:
            if user in (None, person):
                yield entry, kind, person


def _find_states(
    watched: Iterable[tuple[EntryPeople, DueReasonKind, UserId]],
    describe: DescribePerson,
    *,
    moved: bool,
) -> dict[PersonReason, _State]:
    """Return the state of each person, as far as Slack says it."""
    states = {}
    for entry, kind, person in watched:
        reader = describe(person)
        state = None if reader is None else _state_of(entry, kind, reader, moved=moved)
        if state is not None:
            states[entry.entry, kind, person] = state
    return states


def _reasons_to_add(
    states: Mapping[PersonReason, _State], stored: Mapping[PersonReason, bool]
) -> set[PersonReason]:
    """Return the reasons to add, also if someone who was gone already has now left the channel."""
    return {
        reason
        for reason, state in states.items()
        if (state in (_State.GONE, _State.LEFT) and reason not in stored)
        or (state is _State.LEFT and not stored[reason])
    }


def _reasons_to_lift(
    states: Mapping[PersonReason, _State], stored: Mapping[PersonReason, bool]
) -> set[PersonReason]:
    """Return the reasons to lift; someone who left a channel has to be back in that channel."""
    return {
        reason
        for reason, state in states.items()
        if reason in stored
        and (state is _State.THERE or (state is _State.ELSEWHERE and not stored[reason]))
    }


def _state_of(
    entry: EntryPeople, kind: DueReasonKind, reader: Reader, *, moved: bool
) -> _State | None:
    """Return the state of a person on whom an entry relies; None if the bot can't see it.

    A level may name anyone. The owner and backup of an entry in a private channel have to be in it.
    In a public channel they needn't be; they are gone only if they `moved`, that is, an event
    reported that they left.
    """
    if kind is DueReasonKind.LEVEL_GONE:
        return _State.GONE if reader.person.gone else _State.THERE
    if reader.person.member and entry.home in reader.channels:
        return _State.THERE
    if moved and entry.home not in reader.channels:
        return _State.LEFT
    if not reader.person.member:
        return _State.GONE
    if not entry.is_home_live:
        return None
    return _State.GONE if entry.is_private else _State.ELSEWHERE
