"""Changing an entry without its form: its end and its return."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.approval import Proposal
from bot.domain.certification import Verdict
from bot.domain.entries import Entry, Key, TeamId
from bot.domain.revisions import (
    Change,
    Content,
    Effect,
    suggested_effect,
)
from bot.domain.visibility import Reader
from bot.usecases.approval.policy import Alone, needs_approval
from bot.usecases.entries.history import revision_of
from bot.usecases.entries.plans import find_restorable, find_successor
from bot.usecases.steps.changes import NewRevision, change_entry
from bot.usecases.steps.permissions import found, require_in_force, require_member
from bot.usecases.steps.secrets import read_note
from bot.usecases.steps.visible_links import hidden_links
from storage.store import Store, Transaction
from storage.verdicts import GivenVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """What was retired, or is proposed to be, and what the one who did it sees that names it.

    `hidden`: the key of what takes its place, if not all who see it may see that.
    """

    entry: Entry
    named_by: tuple[Key, ...]
    proposal: Proposal | None = None
    hidden: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What says again what it said before, or is proposed to; `number`: of that revision."""

    entry: Entry
    number: int
    proposal: Proposal | None = None


_UNEXPLAINED: Final = "Say what changed and why. This stays in the history."


def retire_entry(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    key: str,
    note: str,
    alone: Alone,
    now: datetime,
    successor: str = "",
) -> Retired:
    """Take an entry out of use; a revision says so, and history keeps all it said.

    `successor`: the key of the entry that takes its place, if one does: both say so for ever.

    Raises:
        InvalidInputError: the note is missing or can't be kept, or an entry would supersede itself.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    note = read_note(note, "note", missing=_UNEXPLAINED)
    review = _needs_approval(store, team, reader, key, alone)
    with store.transaction(team) as tx:
        done = _retired_before(tx, reader, key, note, successor)
        if done is not None:
            return done
        entry = _current(tx, reader, key, successor)
        new = find_successor(tx, reader, entry, successor) if successor else None
        before = entry.revision
        waiting = _proposed(tx, entry, reader, new)
        if waiting is None:
            verdict = GivenVerdict(
                revision=entry.revision.number, verdict=Verdict.RETIRED, by=reader.user, at=now
            )
            tx.verdicts.add(entry.id, verdict, entry.due_at)
            changed = change_entry(
                tx,
                entry,
                NewRevision(
                    content=entry.content,
                    author=reader.user,
                    note=note,
                    change=Change.SUPERSEDED if new else Change.RETIRED,
                    superseded_by=str(new.key) if new else "",
                ),
                review=review,
                now=now,
            )
            entry, waiting = changed.entry, changed.proposal
        visible = tx.entries.visible_to(reader)
        after = waiting.revision if waiting else entry.revision
        hidden = hidden_links(tx, entry.home, before, after)
        return Retired(
            entry=entry,
            named_by=tuple(visible.linking_to(entry.key)),
            proposal=waiting,
            hidden=hidden,
        )


def restore_revision(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    key: str,
    number: int | None,
    note: str,
    alone: Alone,
    now: datetime,
) -> Restored:
    """Have an entry say again what a revision of it said; a retired one is back in use with it.

    `number` None brings a retired entry back as it was.

    Raises:
        InvalidInputError: the note is missing, nothing would change, or no one said which revision.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    note = read_note(note, "note", missing=_UNEXPLAINED)
    review = _needs_approval(store, team, reader, key, alone)
    with store.transaction(team) as tx:
        entry = _locked(tx, found(tx.entries.visible_to(reader), key))
        if _restored_before(tx, entry, reader, note, number):
            return Restored(entry=entry, number=number or entry.revision.number)
        back, differ = find_restorable(tx, entry, number)
        waiting = _restoring(tx, entry, reader, back.content)
        if waiting is not None:
            return Restored(entry=entry, number=back.number, proposal=waiting)
        changed = change_entry(
            tx,
            entry,
            NewRevision(
                content=back.content,
                author=reader.user,
                note=note,
                change=Change.RESTORED,
                effect=Effect.RULE if entry.retired else suggested_effect(differ),
            ),
            review=review,
            now=now,
        )
        return Restored(entry=changed.entry, number=back.number, proposal=changed.proposal)


def _retired_before(
    tx: Transaction, reader: Reader, key: str, note: str, successor: str
) -> Retired | None:
    """Return what the same form did when it was sent the first time."""
    visible = tx.entries.visible_to(reader)
    entry = found(visible, key)
    last, new = entry.revision, Key.parse(successor)
    is_same = (last.author, last.note) == (reader.user, note)
    if not (entry.retired and is_same and last.superseded_by == (str(new.entry) if new else "")):
        return None
    return Retired(entry=entry, named_by=tuple(visible.linking_to(entry.key)))


def _restored_before(
    tx: Transaction, entry: Entry, reader: Reader, note: str, number: int | None
) -> bool:
    """Return whether the same form was sent before."""
    last = entry.revision
    if (last.change, last.author, last.note) != (Change.RESTORED, reader.user, note):
        return False
    return number is None or revision_of(tx, entry, number).content == last.content


def _needs_approval(store: Store, team: TeamId, reader: Reader, key: str, alone: Alone) -> bool:
    with store.read(team) as tx:
        entry = found(tx.entries.visible_to(reader), key)
    return needs_approval(store, team, entry, by=reader.user, alone=alone)


def _proposed(
    tx: Transaction, entry: Entry, reader: Reader, successor: Entry | None
) -> Proposal | None:
    """What this person proposed already to the same end: asking twice is as once."""
    wanted = str(successor.key) if successor else ""
    return next(
        (
            one
            for one in tx.proposals.of(entry.id)
            if one.author == reader.user
            and one.revision.change.retires
            and one.revision.superseded_by == wanted
        ),
        None,
    )


def _restoring(tx: Transaction, entry: Entry, reader: Reader, content: Content) -> Proposal | None:
    """What this person proposed already to say the same: asking twice is as once."""
    return next(
        (
            one
            for one in tx.proposals.of(entry.id)
            if one.author == reader.user
            and one.revision.change is Change.RESTORED
            and one.revision.content == content
        ),
        None,
    )


def _current(tx: Transaction, reader: Reader, key: str, successor: str = "") -> Entry:
    """An entry in force, locked; with it what is to take its place, so that it stays in force."""
    visible = tx.entries.visible_to(reader)
    entry = found(visible, key)
    require_in_force(entry)
    tx.entries.lock([entry.id, *([found(visible, successor).id] if successor else [])])
    locked = _locked(tx, entry)
    require_in_force(locked)
    return locked


def _locked(tx: Transaction, entry: Entry) -> Entry:
    locked = tx.entries.by_id(entry.id, lock=True)
    assert locked is not None
    return locked
