"""What is about to be retired, superseded or restored, before the person says why."""

from dataclasses import dataclass

from bot.domain.entries import Entry, TeamId
from bot.domain.errors import InvalidInputError
from bot.domain.kinds import Field
from bot.domain.revisions import Change, Revision, changed_fields
from bot.domain.visibility import Reader
from bot.usecases.entries.history import revision_of
from bot.usecases.steps.permissions import found, require_in_force, require_member
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A change that a person is about to explain.

    `number`: the revision that is to be restored. `successor`: the entry that takes its place.
    """

    entry: Entry
    change: Change
    number: int | None = None
    successor: Entry | None = None


def plan_retiring(
    store: Store, team: TeamId, *, reader: Reader, key: str, successor: str = ""
) -> Plan:
    """Return what is about to be retired or superseded, before the person says why.

    Raises:
        InvalidInputError: an entry would supersede itself.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.read(team) as tx:
        entry = found(tx.entries.visible_to(reader), key)
        require_in_force(entry)
        if not successor:
            return Plan(entry=entry, change=Change.RETIRED)
        new = find_successor(tx, reader, entry, successor)
        return Plan(entry=entry, change=Change.SUPERSEDED, successor=new)


def plan_restoring(
    store: Store, team: TeamId, *, reader: Reader, key: str, number: int | None
) -> Plan:
    """Return what is about to be restored, before the person says why.

    Raises:
        InvalidInputError: nothing would change, or no one said which revision.
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.read(team) as tx:
        entry = found(tx.entries.visible_to(reader), key)
        back, _ = find_restorable(tx, entry, number)
        return Plan(entry=entry, change=Change.RESTORED, number=back.number)


def find_restorable(
    tx: Transaction, entry: Entry, number: int | None
) -> tuple[Revision, tuple[Field, ...]]:
    """Return the revision to go back to, and the fields in which it differs.

    Raises:
        InvalidInputError: nothing would change, or no one said which revision.
        NotAllowedError: it is a draft, or was withdrawn as one.
    """
    if not entry.retired:
        require_in_force(entry)
    if number is None and not entry.retired:
        raise InvalidInputError(
            f"Which revision? For example: `/lore restore {entry.key} 2`. `/lore history "
            f"{entry.key}` lists them."
        )
    back = revision_of(tx, entry, number or entry.revision.number)
    differ = changed_fields(entry.content, back.content)
    if not differ and not entry.retired:
        raise InvalidInputError(
            f"{entry.cited} is identical to {entry.key}@{back.number}, so there is nothing to "
            f"restore. `/lore history {entry.key}` lists the revisions."
        )
    return back, differ


def find_successor(tx: Transaction, reader: Reader, entry: Entry, key: str) -> Entry:
    """Return the entry that takes the place of another.

    Raises:
        InvalidInputError: it would take its own place.
        RetiredError, NotFoundError, NotAllowedError: with what to do instead.
    """
    new = found(tx.entries.visible_to(reader), key)
    require_in_force(new)
    if new.id == entry.id:
        raise InvalidInputError(
            f"{entry.key} can't replace itself. Name another entry: `/lore supersede {entry.key} "
            "with DEC-12`."
        )
    return new
