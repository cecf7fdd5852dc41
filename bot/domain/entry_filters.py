"""The filters of `/lore list`: by kind, state, owner and home channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, Self

from bot.domain.entries import ChannelId, UserId
from bot.domain.kinds import Kind


class StateFilter(StrEnum):
    """A state that a list can be filtered by. `DUE` includes `OVERDUE`, as a card says it.

    `ALL`: any state. Without a filter, a list has the drafts and the entries in force.
    """

    DRAFT = "draft"
    IN_FORCE = "in force"
    DUE = "due"
    OVERDUE = "overdue"
    NEVER_CERTIFIED = "never certified"
    RETIRED = "retired"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """The entries to list. Several values of one field widen the list, each field narrows it.

    An empty field matches everything, except `states`: see `StateFilter`.
    """

    kinds: tuple[Kind, ...] = ()
    states: tuple[StateFilter, ...] = ()
    owners: tuple[UserId, ...] = ()
    homes: tuple[ChannelId, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it leaves out nothing but retired and withdrawn entries."""
        return not (self.kinds or self.states or self.owners or self.homes)

    def facts(self) -> dict[str, list[str]]:
        """Return it as JSON, for the value of a button."""
        return {
            "kinds": [kind.value for kind in self.kinds],
            "states": [state.value for state in self.states],
            "owners": list(self.owners),
            "homes": list(self.homes),
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """Read what `facts` returned.

        Raises:
            KeyError, TypeError, ValueError: `facts` didn't return it.
        """
        return cls(
            kinds=tuple(Kind(kind) for kind in facts["kinds"]),
            states=tuple(StateFilter(state) for state in facts["states"]),
            owners=tuple(UserId(str(owner)) for owner in facts["owners"]),
            homes=tuple(ChannelId(str(home)) for home in facts["homes"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterWords:
    """The plain words of a filter. `unknown`: the words that mean nothing in a list."""

    kinds: tuple[Kind, ...] = ()
    states: tuple[StateFilter, ...] = ()
    is_mine: bool = False
    is_here: bool = False
    unknown: tuple[str, ...] = ()


_MINE: Final = ("mine", "my")
_HERE: Final = ("this", "here")
# Words that people write between the others.
_FILLERS: Final = frozenset({"and", "by", "channel", "entries", "for", "from", "in", "of"})
_STATES: Final = {
    **{state.value: state for state in StateFilter},
    "drafts": StateFilter.DRAFT,
    "never-certified": StateFilter.NEVER_CERTIFIED,
    "uncertified": StateFilter.NEVER_CERTIFIED,
}
_KINDS: Final = {word: kind for kind in Kind for word in (kind.value, f"{kind.value}s")}
_SINGLE_WORDS: Final = (*_KINDS, *_STATES, *_MINE, *_HERE)


def read_filter_words(text: str) -> FilterWords:
    """Return what the words of a filter mean, in any order: `decisions mine due`."""
    words = [word.strip(",.;:!") for word in text.lower().split()]
    kinds: list[Kind] = []
    states: list[StateFilter] = []
    unknown: list[str] = []
    is_mine = is_here = False
    while words:
        word, pair = words[0], " ".join(words[:2])
        del words[: 2 if pair in _STATES else 1]
        if state := _STATES.get(pair) or _STATES.get(word):
            states.append(state)
        elif kind := _KINDS.get(word):
            kinds.append(kind)
        elif word in _MINE:
            is_mine = True
        elif word in _HERE:
            is_here = True
        elif word and word not in _FILLERS:
            unknown.append(word)
    # "all drafts" means the drafts.
    narrow = [state for state in states if state is not StateFilter.ALL]
    return FilterWords(
        kinds=tuple(dict.fromkeys(kinds)),
        states=tuple(dict.fromkeys(narrow or states)),
        is_mine=is_mine,
        is_here=is_here,
        unknown=tuple(unknown),
    )


def suggest_filter_word(word: str) -> str | None:
    """Return the word of a filter that a typo probably meant; None if none is close."""
    return next(iter(get_close_matches(word, _SINGLE_WORDS, n=1, cutoff=0.7)), None)
