"""The effects of a person's absence on entries, levels and backups."""

from dataclasses import dataclass
from typing import Final

from bot.domain.entries import Entry, Key, TeamId
from bot.domain.visibility import Person, Reader
from bot.usecases.steps.permissions import require_member
from storage.store import Store

_LISTED: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of an escalation that notifies the person; `alone`: it notifies no one else."""

    key: Key
    number: int
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """The entries of a person that no one else knows, as far as the reader sees them.

    `own`: the reader asks about themselves. `backed_up`, `levels`: the backups and levels that
    would fail. `alone`: the first entries that no one else knows; `more`: how many more there are.
    """

    person: Person
    own: bool
    owned: int
    alone: tuple[Entry, ...]
    more: int
    backed_up: tuple[Key, ...] = ()
    levels: tuple[Level, ...] = ()


def read_away(store: Store, team: TeamId, *, reader: Reader, person: Person) -> Away:
    """Return what no one else knows while this person is away, most used first.

    Raises:
        NotAllowedError: the reader isn't a full member.
    """
    require_member(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        alone = visible.known_only_to(person.id)
        owned = visible.count_owned_by(person.id)
        backed_up = visible.backed_up_by(person.id)
        escalations = visible.notifying(person.id)
    return Away(
        person=person,
        own=person.id == reader.user,
        owned=owned,
        alone=tuple(alone[:_LISTED]),
        more=max(0, len(alone) - _LISTED),
        backed_up=tuple(backed_up),
        levels=tuple(level for entry in escalations for level in _levels_of(entry, person)),
    )


def _levels_of(entry: Entry, person: Person) -> list[Level]:
    levels = entry.content.values["levels"]
    return [
        Level(key=entry.key, number=number, alone=set(level["whom"]) == {person.id})
        for number, level in enumerate(levels if isinstance(levels, list) else [], 1)
        if isinstance(level, dict) and person.id in level.get("whom", [])
    ]
