"""Changing an entry without its form: its owner, its retirement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.certification import Verdict
from bot.domain.digests import Section
from bot.domain.entries import Entry, Key, State, TeamId, UserId
from bot.domain.errors import InvalidInputError
from bot.domain.revisions import Change, Content, clean
from bot.domain.telling import Topic
from bot.domain.visibility import Person, Reader
from bot.usecases.allowed import UNFIT_OWNER, found, require_in_force, require_member
from bot.usecases.digest import strike
from bot.usecases.masking import refuse_secrets
from bot.usecases.tell import redraw_named
from storage.reviews import Review
from storage.store import Store, Transaction

_NOTE: Final = 500
# Which lines of a digest an act settles.
_STRUCK: Final = {
    "owner": (Section.OWNER_GONE,),
    "backup": (),
    "retired": (Section.DUE, Section.OWNER_GONE, Section.FAILING, Section.THIN, Section.CHANGED),
}
_DONE: Final = {"owner": "owner changed"}


@dataclass(frozen=True)
class Retired:
    """What was retired, and what the one who did it sees that still names it."""

    entry: Entry
    named_by: tuple[Key, ...]


def retire_entry(
    store: Store, team: TeamId, *, reader: Reader, key: str, note: str, now: datetime
) -> Retired:
    """Take an entry out of use; a revision says so, and history keeps all it said.

    Raises:
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    note = clean(note)
    if len(note) > _NOTE:
        reason = f"{len(note):,} characters; at most {_NOTE} fit as a reason. Shorten it."
        raise InvalidInputError(reason, {"note": reason})
    refuse_secrets({"note": note})
    with store.transaction(team) as tx:
        entry = _current(tx, reader, key)
        verdict = Review(entry.revision.number, Verdict.RETIRED, reader.user, now)
        tx.reviews.add(entry.id, verdict, entry.due_at)
        retired = tx.entries.revise(
            entry.id,
            entry.content,
            author=reader.user,
            at=now,
            note=note,
            change=Change.RETIRED,
            state=State.RETIRED,
        )
        redraw_named(tx, entry, retired, now=now)
        _revised(tx, retired, reader.user, now)
        return Retired(retired, tuple(tx.entries.visible_to(reader).naming(retired.key)))


def change_owner(
    store: Store, team: TeamId, *, reader: Reader, key: str, owner: Person, now: datetime
) -> Entry:
    """Make another person answer for an entry.

    Raises:
        InvalidInputError: the new owner is a bot, a guest, gone or of another organisation.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    if not owner.member:
        raise InvalidInputError(UNFIT_OWNER, {"owner": UNFIT_OWNER})
    with store.transaction(team) as tx:
        entry = _current(tx, reader, key)
        if entry.owner == owner.id:
            return entry
        content = owned_by(entry.content, owner.id)
        return hand_on(tx, entry, content, change=Change.OWNER, by=reader.user, now=now)


def hand_on(
    tx: Transaction, entry: Entry, content: Content, *, change: Change, by: UserId, now: datetime
) -> Entry:
    """Put another owner or backup in force, at once: nothing of what the entry says changes."""
    revised = tx.entries.revise(entry.id, content, author=by, at=now, note="", change=change)
    return _revised(tx, revised, by, now)


def owned_by(content: Content, owner: UserId) -> Content:
    """The same content with another owner, who is nobody's backup but others'."""
    backup = "" if content.backup == owner else content.backup
    return content.changed_with(owner=owner, backup=backup)


def _current(tx: Transaction, reader: Reader, key: str) -> Entry:
    entry = found(tx.entries.visible_to(reader), key)
    require_in_force(entry)
    locked = tx.entries.by_id(entry.id, lock=True)
    assert locked is not None
    require_in_force(locked)
    return locked


def _revised(tx: Transaction, entry: Entry, by: UserId, now: datetime) -> Entry:
    _told(tx, entry, by, entry.revision.change.value, now)
    return entry


def _told(tx: Transaction, entry: Entry, by: UserId, action: str, now: datetime) -> None:
    tx.outbox.add(
        Topic.REFRESH, channel=entry.home, payload={"entry": entry.id}, due_at=now, at=now
    )
    strike(tx, _STRUCK[action], by=by, outcome=_DONE.get(action, action), now=now, entry=entry.id)
