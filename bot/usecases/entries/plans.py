"""Planned retirements, replacements and restorations, before the person gives a reason."""

from dataclasses import dataclass

from bot.domain.entries import Entry, TeamId
from bot.domain.errors import InvalidInputError
from bot.domain.kinds import Field
from bot.domain.revisions import Change, Revision, changed_fields
from bot.domain.visibility import Reader
from bot.usecases.entries.history import load_revision
from bot.usecases.steps.permissions import load_entry, require_in_force, require_member
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A change that a person is about to explain.

    `number`: the revision to restore. `successor`: the entry that will replace this one.
    """

    entry: Entry
    change: Change
    number: int | None = None
    successor: Entry | None = None


def plan_retiring(
    store: Store, team: TeamId, *, reader: Reader, key: str, successor: str = ""
) -> Plan:
    """Return what is about to be retired or superseded.

    Raises:
        InvalidInputError: the entry would replace itself.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.read(team) as tx:
        entry = load_entry(tx.entries.visible_to(reader), key)
        require_in_force(entry)
        if not successor:
            return Plan(entry=entry, change=Change.RETIRED)
        replacement = find_successor(tx, reader, entry, successor)
        return Plan(entry=entry, change=Change.SUPERSEDED, successor=replacement)


def plan_restoring(
    store: Store, team: TeamId, *, reader: Reader, key: str, number: int | None
) -> Plan:
    """Return what is about to be restored.

    Raises:
        InvalidInputError: nothing would change, or no revision was named.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.read(team) as tx:
        entry = load_entry(tx.entries.visible_to(reader), key)
        restored, _ = find_restorable(tx, entry, number)
        return Plan(entry=entry, change=Change.RESTORED, number=restored.number)


def find_restorable(
    tx: Transaction, entry: Entry, number: int | None
) -> tuple[Revision, tuple[Field, ...]]:
    """Return the revision to restore, and the fields that it would change.

    Raises:
        InvalidInputError: nothing would change, or no revision was named.
        NotAllowedError: the entry is a draft, or was withdrawn as one.
    """
    if not entry.retired:
        require_in_force(entry)
    if number is None and not entry.retired:
        raise InvalidInputError(
            f"Which revision? For example: `/lore restore {entry.key} 2`. `/lore history "
            f"{entry.key}` lists them."
        )
    restored = load_revision(tx, entry, number or entry.revision.number)
    changed = changed_fields(entry.content, restored.content)
    if not changed and not entry.retired:
        raise InvalidInputError(
            f"{entry.cited} is identical to {entry.key}@{restored.number}, so there is nothing to "
            f"restore. `/lore history {entry.key}` lists the revisions."
        )
    return restored, changed


def find_successor(tx: Transaction, reader: Reader, entry: Entry, key: str) -> Entry:
    """Return the entry that will replace another.

    Raises:
        InvalidInputError: the entry would replace itself.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    successor = load_entry(tx.entries.visible_to(reader), key)
    require_in_force(successor)
    if successor.id == entry.id:
        raise InvalidInputError(
            f"{entry.key} can't replace itself. Name another entry: `/lore supersede {entry.key} "
            "with DEC-12`."
        )
    return successor
