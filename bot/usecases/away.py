"""If somebody is away: what they own that nobody else ever certified or used."""

from typing import Final, NamedTuple

from bot.domain.entries import Entry, TeamId
from bot.domain.visibility import Person, Reader
from bot.usecases.allowed import require_member
from storage.store import Store

_LISTED: Final = 15


class Away(NamedTuple):
    """What one person alone knows, of all that they own and the reader sees.

    `own`: it is the reader who asks about themselves.
    """

    person: Person
    own: bool
    owned: int
    alone: tuple[Entry, ...]
    more: int


def if_away(store: Store, team: TeamId, *, reader: Reader, person: Person) -> Away:
    """What has nobody who knows it while this person is away; the most used first.

    Raises:
        NotAllowedError: it is for members.
    """
    require_member(reader)
    with store.read(team) as tx:
        door = tx.entries.visible_to(reader)
        alone = door.known_to_alone(person.id)
        owned = door.count_owned_by(person.id)
    return Away(
        person,
        person.id == reader.user,
        owned,
        tuple(alone[:_LISTED]),
        max(0, len(alone) - _LISTED),
    )
