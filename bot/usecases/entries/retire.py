"""Retire, supersede and restore entries."""

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
from bot.usecases.approval.policy import IsAlone, needs_approval
from bot.usecases.entries.history import load_revision
from bot.usecases.entries.plans import find_restorable, find_successor
from bot.usecases.steps.changes import NewRevision, change_entry
from bot.usecases.steps.permissions import load_entry, require_in_force, require_member
from bot.usecases.steps.secrets import read_note
from bot.usecases.steps.visible_links import find_hidden_links
from storage.store import Store, Transaction
from storage.verdicts import GivenVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """The retired entry, or the proposal to retire it, and the entries that link to it.

    `hidden`: the key of its replacement, if some readers of the entry can't see that.
    """

    entry: Entry
    named_by: tuple[Key, ...]
    proposal: Proposal | None = None
    hidden: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The restored entry, or the proposal to restore it; `number`: the revision restored."""

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
    is_alone: IsAlone,
    now: datetime,
    successor: str = "",
) -> Retired:
    """Retire an entry with a new revision; its history stays.

    `successor`: the key of the entry that replaces it, if any. Both entries say so permanently.

    Raises:
        InvalidInputError: the note is missing or can't be saved, or an entry would replace
            itself.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    note = read_note(note, "note", missing=_UNEXPLAINED)
    propose = _needs_approval(store, team, reader, key, is_alone)
    with store.transaction(team) as tx:
        earlier = _find_earlier_retirement(tx, reader, key, note, successor)
        if earlier is not None:
            return earlier
        entry = _lock_current(tx, reader, key, successor)
        replacement = find_successor(tx, reader, entry, successor) if successor else None
        before = entry.revision
        proposal = _find_retirement(tx, entry, reader, replacement)
        if proposal is None:
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
                    change=Change.SUPERSEDED if replacement else Change.RETIRED,
                    superseded_by=str(replacement.key) if replacement else "",
                ),
                propose=propose,
                now=now,
            )
            entry, proposal = changed.entry, changed.proposal
        visible = tx.entries.visible_to(reader)
        after = proposal.revision if proposal else entry.revision
        hidden = find_hidden_links(tx, entry.home, before, after)
        return Retired(
            entry=entry,
            named_by=tuple(visible.linking_to(entry.key)),
            proposal=proposal,
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
    is_alone: IsAlone,
    now: datetime,
) -> Restored:
    """Restore the text of an earlier revision; this also brings a retired entry back into use.

    `number` None brings a retired entry back as it was.

    Raises:
        InvalidInputError: the note is missing, nothing would change, or no revision was named.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    note = read_note(note, "note", missing=_UNEXPLAINED)
    propose = _needs_approval(store, team, reader, key, is_alone)
    with store.transaction(team) as tx:
        entry = _lock(tx, load_entry(tx.entries.visible_to(reader), key))
        if _was_restored_before(tx, entry, reader, note, number):
            return Restored(entry=entry, number=number or entry.revision.number)
        restored, changed_labels = find_restorable(tx, entry, number)
        proposal = _find_restoration(tx, entry, reader, restored.content)
        if proposal is not None:
            return Restored(entry=entry, number=restored.number, proposal=proposal)
        changed = change_entry(
            tx,
            entry,
            NewRevision(
                content=restored.content,
                author=reader.user,
                note=note,
                change=Change.RESTORED,
                effect=Effect.RULE if entry.retired else suggested_effect(changed_labels),
            ),
            propose=propose,
            now=now,
        )
        return Restored(entry=changed.entry, number=restored.number, proposal=changed.proposal)


def _find_earlier_retirement(
    tx: Transaction, reader: Reader, key: str, note: str, successor: str
) -> Retired | None:
    """Return the result of the same form's first submission; None if this is the first."""
    visible = tx.entries.visible_to(reader)
    entry = load_entry(visible, key)
    last, replacement = entry.revision, Key.parse(successor)
    is_same = (last.author, last.note) == (reader.user, note)
    if not (
        entry.retired
        and is_same
        and last.superseded_by == (str(replacement.entry) if replacement else "")
    ):
        return None
    return Retired(entry=entry, named_by=tuple(visible.linking_to(entry.key)))


def _was_restored_before(
    tx: Transaction, entry: Entry, reader: Reader, note: str, number: int | None
) -> bool:
    """Return whether the same form was submitted before."""
    last = entry.revision
    if (last.change, last.author, last.note) != (Change.RESTORED, reader.user, note):
        return False
    return number is None or load_revision(tx, entry, number).content == last.content


def _needs_approval(
    store: Store, team: TeamId, reader: Reader, key: str, is_alone: IsAlone
) -> bool:
    with store.read(team) as tx:
        entry = load_entry(tx.entries.visible_to(reader), key)
    return needs_approval(store, team, entry, by=reader.user, is_alone=is_alone)


def _find_retirement(
    tx: Transaction, entry: Entry, reader: Reader, successor: Entry | None
) -> Proposal | None:
    """Return this person's earlier proposal to the same end, so that it isn't repeated."""
    wanted = str(successor.key) if successor else ""
    return next(
        (
            proposal
            for proposal in tx.proposals.of(entry.id)
            if proposal.author == reader.user
            and proposal.revision.change.retires
            and proposal.revision.superseded_by == wanted
        ),
        None,
    )


def _find_restoration(
    tx: Transaction, entry: Entry, reader: Reader, content: Content
) -> Proposal | None:
    """Return this person's earlier proposal to restore the same text, so that it isn't repeated."""
    return next(
        (
            proposal
            for proposal in tx.proposals.of(entry.id)
            if proposal.author == reader.user
            and proposal.revision.change is Change.RESTORED
            and proposal.revision.content == content
        ),
        None,
    )


def _lock_current(tx: Transaction, reader: Reader, key: str, successor: str = "") -> Entry:
    """Return an entry in force, locked together with the entry that will replace it."""
    visible = tx.entries.visible_to(reader)
    entry = load_entry(visible, key)
    require_in_force(entry)
    tx.entries.lock([entry.id, *([load_entry(visible, successor).id] if successor else [])])
    locked = _lock(tx, entry)
    require_in_force(locked)
    return locked


def _lock(tx: Transaction, entry: Entry) -> Entry:
    locked = tx.entries.by_id(entry.id, lock=True)
    assert locked is not None
    return locked
