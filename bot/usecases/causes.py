"""Looking for what makes entries due at once: people who are gone, and who came back."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.acts import OPSLORE
from bot.domain.certification import Cause
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.visibility import Reader
from bot.usecases.asking import Known
from bot.usecases.changes import redraw
from storage.due_reasons import Watched
from storage.store import Store, Transaction

Found = tuple[EntryId, Cause, UserId]


def look_for_causes(
    store: Store,
    team: TeamId,
    *,
    known: Known,
    now: datetime,
    channel: ChannelId | None = None,
    user: UserId | None = None,
) -> None:
    """Note every entry that relies on somebody who is gone, and lift it for those who are back.

    `channel` and `user`: this user came to or left this channel; look at what lives there and
    relies on them alone. Of whom Slack does not say how they are, nothing changes: an entry accuses
    nobody by mistake.
    """
    with store.read(team) as tx:
        watched = tx.due_reasons.watched(channel)
        kept = tx.due_reasons.of_people(channel)
    gone: set[Found] = set()
    back: set[Found] = set()
    for each in watched:
        for cause, person in each.people:
            if user is not None and person != user:
                continue
            reader = known(person)
            is_gone = None if reader is None else _gone(each, cause, reader, moved=user is not None)
            if is_gone is not None:
                (gone if is_gone else back).add((each.entry, cause, person))
    if not (gone - kept or back & kept):
        return
    with store.transaction(team) as tx:
        # Slack was asked for a while, in which others may have been named.
        for entry_id in sorted({entry_id for entry_id, _, _ in (gone - kept) | (back & kept)}):
            tx.entries.by_id(entry_id, lock=True)
        kept, named = tx.due_reasons.of_people(channel), _named(tx.due_reasons.watched(channel))
        new, over = sorted((gone - kept) & named), sorted(back & kept & named)
        for entry, cause, person in new:
            tx.due_reasons.add(entry, cause, now, about=person)
        for entry, cause, person in over:
            tx.due_reasons.lift(entry, cause, person)
        _audit(tx, "due_at_once", new, now)
        _audit(tx, "due_no_longer", over, now)
        _redraw(tx, [*new, *over], now)


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


def _gone(entry: Watched, cause: Cause, reader: Reader, *, moved: bool) -> bool | None:
    """Whether an entry can not rely on somebody any more; None where that can not be told.

    A level may name anybody. Who answers for what lives in a public channel may do so from
    elsewhere, and is gone only once they left it.
    """
    if cause is Cause.LEVEL_GONE:
        return reader.person.gone
    if not reader.person.member:
        return True
    if not entry.live or entry.home in reader.channels:
        return False
    return True if entry.private or moved else None
