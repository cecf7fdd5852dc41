"""Change the owner of an entry: at once if it's one's own, and otherwise as a proposal."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.domain.approval import Proposal
from bot.domain.certification import DueReasonKind
from bot.domain.entries import Entry, TeamId, UserId
from bot.domain.errors import InvalidInputError
from bot.domain.revisions import (
    Change,
    Content,
)
from bot.domain.visibility import Reader
from bot.usecases.steps.changes import Changed, NewRevision, change_entry, put_in_force
from bot.usecases.steps.draft_entries import revise_draft
from bot.usecases.steps.due_reasons import confirm_owner
from bot.usecases.steps.permissions import (
    UNFIT_OWNER,
    load_entry,
    require_in_force,
    require_member,
    require_sees,
)
from bot.usecases.steps.reviewers import DescribePerson
from storage.store import Store, Transaction

_GONE: Final = (DueReasonKind.OWNER_GONE, DueReasonKind.BACKUP_GONE)


def change_owner(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    key: str,
    owner: Reader,
    describe: DescribePerson,
    now: datetime,
) -> Changed:
    """Make another person the owner of an entry, or propose it.

    The author of a draft names its owner at once, as part of writing it. An owner gives an entry
    away at once, and anyone takes it at once from an owner who is gone. Otherwise the owner, or
    another member of the home channel, has to approve it first.

    Raises:
        InvalidInputError: the new owner is a bot, a guest, gone or of another organization, or
            isn't in the private channel of the entry.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    holder = describe_owner(store, team, lambda tx: _load(tx, reader, key), describe)
    with store.transaction(team) as tx:
        entry = tx.entries.by_id(_load(tx, reader, key).id, lock=True)
        assert entry is not None
        if not entry.is_draft:
            require_in_force(entry)
        return name_owner(tx, entry, owner, by=reader.user, holder=holder, now=now)


def describe_owner(
    store: Store, team: TeamId, entry_of: Callable[[Transaction], Entry], describe: DescribePerson
) -> Reader | None:
    """Return the owner of an entry as Slack describes them now; None if it doesn't say.

    This asks Slack, which may be slow, so it comes before the transaction that changes the owner.
    """
    with store.read(team) as tx:
        owner = entry_of(tx).owner
    return describe(owner)


def name_owner(
    tx: Transaction,
    entry: Entry,
    owner: Reader,
    *,
    by: UserId,
    holder: Reader | None,
    now: datetime,
) -> Changed:
    """Make another person the owner of a locked entry, or propose it.

    `holder`: the current owner, as Slack describes them. Naming an owner who was taken for gone
    confirms that they still own the entry.

    Raises:
        InvalidInputError: as in `change_owner`.
    """
    if not owner.person.member:
        raise InvalidInputError(UNFIT_OWNER, {"owner": UNFIT_OWNER})
    require_sees(tx, entry, owner)
    if entry.owner == owner.user:
        if entry.orphaned:
            confirm_owner(tx, entry, by=by, now=now)
        return Changed(entry=entry)
    content = with_owner(entry.content, owner.user)
    if entry.is_draft:
        return revise_draft(tx, entry, content, note="", by=by, now=now)
    waiting = find_same_proposal(tx, entry, content, change=Change.OWNER, by=by)
    if waiting is not None:
        return Changed(entry=entry, proposal=waiting)
    return change_entry(
        tx,
        entry,
        NewRevision(
            content=content,
            author=by,
            change=Change.OWNER,
        ),
        propose=needs_consent(tx, entry, entry.owner, by=by, described=holder),
        now=now,
    )


def needs_consent(
    tx: Transaction, entry: Entry, holder: UserId, *, by: UserId, described: Reader | None
) -> bool:
    """Return whether `by` can take an entry from its owner or backup only with an approval.

    `holder`: that owner or backup. `described`: them as Slack describes them; if it doesn't say, or
    describes someone else, they are taken to be there.
    """
    if by == holder or not tx.workspace.get().approval.on:
        return False
    if any(reason.kind in _GONE and reason.about == holder for reason in entry.reasons):
        return False
    if described is None or described.user != holder:
        return True
    return described.person.member and tx.entries.visible_to(described).get(entry.key) is not None


def give_at_once(
    tx: Transaction,
    entry: Entry,
    content: Content,
    *,
    change: Change,
    by: UserId,
    now: datetime,
    announced: bool = True,
) -> Entry:
    """Put another owner or backup of a locked entry in force at once."""
    revision = tx.entries.write(entry.id, content, author=by, at=now, note="", change=change)
    return put_in_force(tx, entry, revision, by=by, now=now, announced=announced)


def with_owner(content: Content, owner: UserId) -> Content:
    """Return the content with another owner, who is removed as backup."""
    backup = "" if content.backup == owner else content.backup
    return content.changed_with(owner=owner, backup=backup)


def say_new_owner(changed: Changed, owner: Reader) -> str:
    """Return the answer to the person who named an owner."""
    entry, name = changed.entry, owner.person.name
    if changed.proposal is None or entry.is_draft:
        return f"{name} now owns {entry.key}."
    number = changed.proposal.revision.number
    return (
        f"Proposed: {entry.key}@{number} makes {name} the owner. The current owner or another "
        f"member of its channel has to approve that first: `/lore review {entry.key}`."
    )


def _load(tx: Transaction, reader: Reader, key: str) -> Entry:
    return load_entry(tx.entries.visible_to(reader), key)


def find_same_proposal(
    tx: Transaction, entry: Entry, content: Content, *, change: Change, by: UserId
) -> Proposal | None:
    """Return this person's earlier proposal to the same end, so that it isn't repeated."""
    return next(
        (
            proposal
            for proposal in tx.proposals.of(entry.id)
            if proposal.author == by
            and proposal.revision.change is change
            and proposal.revision.content == content
        ),
        None,
    )
