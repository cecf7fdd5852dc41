"""Looking for what makes entries due at once: people who are gone, and who came back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache

from bot.domain.acts import OPSLORE
from bot.domain.certification import Cause
from bot.domain.digests import Section
from bot.domain.entries import ChannelId, Entry, EntryId, TeamId, UserId
from bot.domain.visibility import Reader
from bot.usecases.asking import Known
from bot.usecases.changes import redraw
from bot.usecases.digest import strike
from storage.due_reasons import Watched
from storage.store import Store, Transaction

Found = tuple[EntryId, Cause, UserId]


class _Is(Enum):
    """How somebody stands whom an entry relies on."""

    GONE = "gone"
    LEFT = "left"
    THERE = "there"
    # A member who answers for what lives in a public channel, and is not in it.
    ELSEWHERE = "elsewhere"


def look_for_causes(
    store: Store,
    team: TeamId,
    *,
    known: Known,
    now: datetime,
    afresh: Known | None = None,
    channel: ChannelId | None = None,
    user: UserId | None = None,
) -> None:
    """Note every entry that relies on somebody who is gone, and lift it for those who are back.

    `channel` and `user`: this user came to or left this channel; look at what lives there and
    relies on them alone. Of whom Slack does not say how they are, nothing changes: an entry accuses
    nobody by mistake. `afresh`: asks about somebody of whom an answer may be kept.
    """
    moved = user is not None
    with store.read(team) as tx:
        watched = [
            (each, cause, person)
            for each in tx.due_reasons.watched(channel)
            for cause, person in each.people
            if user in (None, person)
        ]
        kept = tx.due_reasons.of_people(channel)
    found = _found(watched, known, moved=moved)
    changed = _new(found, kept) | _over(found, kept)
    if not moved:
        # To ask about everybody takes a while, in which some came and went.
        again = [one for one in watched if (one[0].entry, *one[1:]) in changed]
        found = _found(again, afresh or known, moved=moved)
        changed = _new(found, kept) | _over(found, kept)
    if not changed:
        return
    with store.transaction(team) as tx:
        tx.entries.lock(entry_id for entry_id, _, _ in changed)
        # Others may have been named meanwhile, and an event may have told of somebody.
        named, current = _named(tx.due_reasons.watched(channel)), tx.due_reasons.of_people(channel)
        new = sorted(_new(found, current) & _new(found, kept) & named)
        over = sorted(_over(found, current) & _over(found, kept) & named)
        for entry, cause, person in new:
            left = found[entry, cause, person] is _Is.LEFT
            tx.due_reasons.add(entry, cause, now, about=person, left=left)
        for entry, cause, person in over:
            tx.due_reasons.lift(entry, cause, person)
        _audit(tx, "due_at_once", [one for one in new if one not in current], now)
        _audit(tx, "due_no_longer", over, now)
        _redraw(tx, [*new, *over], now)


def stay(tx: Transaction, entry: Entry, *, by: UserId, now: datetime) -> None:
    """Its owner left, and answers for it from elsewhere: somebody said so."""
    tx.due_reasons.lift(entry.id, Cause.OWNER_GONE, entry.owner)
    details = {"cause": Cause.OWNER_GONE.value, "about": entry.owner}
    tx.audit.add(by, "due_no_longer", str(entry.key), details, now)
    strike(tx, (Section.OWNER_GONE,), by=by, outcome="named again", now=now, entry=entry.id)
    redraw(tx, entry, now)


def _found(
    watched: Iterable[tuple[Watched, Cause, UserId]], known: Known, *, moved: bool
) -> dict[Found, _Is]:
    """How each of them stands, of whom Slack says it."""
    known = cache(known)
    found = {}
    for each, cause, person in watched:
        reader = known(person)
        stands = None if reader is None else _stands(each, cause, reader, moved=moved)
        if stands is not None:
            found[each.entry, cause, person] = stands
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


def _named(watched: Iterable[Watched]) -> set[Found]:
    return {(each.entry, cause, person) for each in watched for cause, person in each.people}


def _audit(tx: Transaction, action: str, found: Iterable[Found], now: datetime) -> None:
    for entry_id, cause, person in found:
        entry = tx.entries.by_id(entry_id)
        assert entry is not None
        details = {"cause": cause.value, "about": person}
        tx.audit.add(OPSLORE, action, str(entry.key), details, now)


def _redraw(tx: Transaction, found: Iterable[Found], now: datetime) -> None:
    """The cards of these say why they are due, and offer to take over what has no owner."""
    for entry_id in dict.fromkeys(entry_id for entry_id, _, _ in found):
        entry = tx.entries.by_id(entry_id)
        assert entry is not None
        redraw(tx, entry, now)


def _stands(entry: Watched, cause: Cause, reader: Reader, *, moved: bool) -> _Is | None:
    """A level may name anybody; an owner and a backup of a private channel's entry are in it.

    Who answers for what lives in a public channel may do so from elsewhere, and is gone only if
    they `moved`: an event says that they left it. None where the bot does not see who is there.
    """
    if cause is Cause.LEVEL_GONE:
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
