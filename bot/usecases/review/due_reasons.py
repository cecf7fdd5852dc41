"""Looking for what makes entries due at once: people who are gone, and who came back."""

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
from bot.usecases.steps.changes import redraw
from bot.usecases.steps.reviewers import Known
from storage.due_reasons import OF_PEOPLE, EntryPeople
from storage.store import Store, Transaction

Found = tuple[EntryId, DueReasonKind, UserId]
# Reasons that are kept, and whether each is kept because that person left.
Kept = Mapping[Found, bool]
Changes = Mapping[UserId, Mapping[EntryId, Kept]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """How many entries are read at once, and changed in one transaction."""

    read: int = 1_000
    written: int = 10


BATCHES: Final = Batches()


class _Is(Enum):
    """How somebody stands whom an entry relies on."""

    GONE = "gone"
    LEFT = "left"
    THERE = "there"
    # A member who answers for what lives in a public channel, and is not in it.
    ELSEWHERE = "elsewhere"


def look_for_due_reasons(
    store: Store,
    team: TeamId,
    *,
    known: Known,
    now: datetime,
    afresh: Known | None = None,
    channel: ChannelId | None = None,
    user: UserId | None = None,
    batches: Batches = BATCHES,
) -> None:
    """Note every entry that relies on somebody who is gone, and lift it for those who are back.

    `channel` and `user`: this user came to or left this channel; look at what lives there and
    relies on them alone. If Slack doesn't say how a person is, nothing changes for them. `afresh`
    asks again about somebody whose answer may be old: to ask about everybody takes a while, in
    which some came and went.

    Entries are read in batches. Each change is a transaction of a few entries, so others write in
    between; the next look finds again what this one didn't get to.
    """
    known, moved = cache(known), user is not None
    changes = _changes(store, team, known, (channel, user), batches.read)
    ask = known if moved else afresh or known
    for person, entries in sorted(changes.items()):
        reader = ask(person)
        if reader is None:
            continue
        ids = sorted(entries)
        for first in range(0, len(ids), batches.written):
            before = {entry: entries[entry] for entry in ids[first : first + batches.written]}
            with store.transaction(team) as tx:
                _note(tx, reader, before, moved=moved, now=now)


def _changes(
    store: Store,
    team: TeamId,
    known: Known,
    where: tuple[ChannelId | None, UserId | None],
    most: int,
) -> Changes:
    """By person the entries for which something is to be noted or lifted."""
    channel, user = where
    changes: defaultdict[UserId, dict[EntryId, Kept]] = defaultdict(dict)
    last: EntryId | None = None
    while True:
        with store.read(team) as tx:
            watched = tx.due_reasons.list_people(last, most, home=channel, user=user)
            kept = tx.due_reasons.about_people([each.entry for each in watched])
        found = _found(_named(watched, user), known, moved=user is not None)
        for entry, _, person in _new(found, kept) | _over(found, kept):
            reasons = [(entry, kind, person) for kind in OF_PEOPLE]
            changes[person][entry] = {one: kept[one] for one in reasons if one in kept}
        if len(watched) < most:
            return changes
        last = watched[-1].entry


def _note(
    tx: Transaction, reader: Reader, before: Mapping[EntryId, Kept], *, moved: bool, now: datetime
) -> None:
    """Note and lift what holds of some entries that rely on one person."""
    tx.entries.lock(before)
    # Others may have been named since they were read, and an event may have told of the person.
    current = tx.due_reasons.about_people(before)
    kept = {reason: left for reasons in before.values() for reason, left in reasons.items()}
    person = reader.person.id
    found = _found(
        _named(tx.due_reasons.list_people_of(before), person), lambda _: reader, moved=moved
    )
    new = sorted(_new(found, current) & _new(found, kept))
    over = sorted(_over(found, current) & _over(found, kept))
    for entry, kind, _ in new:
        left = found[entry, kind, person] is _Is.LEFT
        tx.due_reasons.add(entry, kind, now, about=person, left=left)
    for entry, kind, _ in over:
        tx.due_reasons.lift(entry, kind, person)
    entries = tx.entries.by_ids(entry for entry, _, _ in [*new, *over])
    noted = [("due_reason_changed" if one in current else "due_at_once", one) for one in new]
    for action, (entry, kind, _) in [*noted, *(("due_no_longer", one) for one in over)]:
        details = {"cause": kind.value, "about": person}
        tx.audit.add(OPSLORE, action, str(entries[entry].key), details, now)
    # Their cards say why they are due, and offer to take over what has no owner.
    for changed in entries.values():
        redraw(tx, changed, now)


def homes_of(store: Store, team: TeamId) -> list[ChannelId]:
    """Return the channels in which entries live and of which the bot sees who is in them."""
    with store.read(team) as tx:
        homes = set(tx.due_reasons.homes())
        return [each.id for each in tx.channels.all() if each.joined and each.id in homes]


def _named(
    watched: Iterable[EntryPeople], user: UserId | None
) -> Iterator[tuple[EntryPeople, DueReasonKind, UserId]]:
    """Each entry with each person it relies on, or with this user alone."""
    for each in watched:
        for kind, person in each.people:
            if user in (None, person):
                yield each, kind, person


def _found(
    watched: Iterable[tuple[EntryPeople, DueReasonKind, UserId]], known: Known, *, moved: bool
) -> dict[Found, _Is]:
    """How each of them is, as far as Slack says it."""
    found = {}
    for each, kind, person in watched:
        reader = known(person)
        stands = None if reader is None else _stands(each, kind, reader, moved=moved)
        if stands is not None:
            found[each.entry, kind, person] = stands
    return found


def _new(found: Mapping[Found, _Is], kept: Mapping[Found, bool]) -> set[Found]:
    """What is to be noted, also that somebody left who was gone already."""
    return {
        one
        for one, stands in found.items()
        if (stands in (_Is.GONE, _Is.LEFT) and one not in kept)
        or (stands is _Is.LEFT and not kept[one])
    }


def _over(found: Mapping[Found, _Is], kept: Mapping[Found, bool]) -> set[Found]:
    """What no longer holds; who left is back once they are there again, and nowhere else."""
    return {
        one
        for one, stands in found.items()
        if one in kept and (stands is _Is.THERE or (stands is _Is.ELSEWHERE and not kept[one]))
    }


def _stands(entry: EntryPeople, kind: DueReasonKind, reader: Reader, *, moved: bool) -> _Is | None:
    """A level may name anybody; an owner and a backup of a private channel's entry are in it.

    Who answers for what lives in a public channel may do so from elsewhere, and is gone only if
    they `moved`: an event says that they left it. None where the bot does not see who is there.
    """
    if kind is DueReasonKind.LEVEL_GONE:
        return _Is.GONE if reader.person.gone else _Is.THERE
    if reader.person.member and entry.home in reader.channels:
        return _Is.THERE
    if moved and entry.home not in reader.channels:
        return _Is.LEFT
    if not reader.person.member:
        return _Is.GONE
    if not entry.live:
        return None
    return _Is.GONE if entry.private else _Is.ELSEWHERE
