"""How much a term says about a matter: it comes up again in its threads, and seldom elsewhere."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final, Self

from bot.domain.listening.conversation import Conversation
from bot.domain.listening.heard import name_stems, term_id
from bot.domain.listening.rarity import shipped_background
from bot.domain.listening.terms import terms

# Words that begin with the same letters count as one: "nightly export", "the exporter".
_ROOT: Final = 5
# Of a term that few messages of general operations chat hold; 0 for the most common one.
_RAREST: Final = 1.0
_SMOOTHING: Final = 3
_MANY: Final = 4  # messages; a term of more messages isn't more central


@dataclass(frozen=True, slots=True)
class Salience:
    """How much the terms of a matter's threads say.

    `shared`: by the beginning of a term, the share of the other threads that hold it. `repeated`:
    the same for messages, at most 1.
    """

    shared: Mapping[str, float]
    repeated: Mapping[str, float]
    names: frozenset[str]

    @classmethod
    def of(cls, conversations: Sequence[Conversation]) -> Self:
        """Count the terms of the threads of one matter."""
        names = name_stems(frozenset().union(*(thread.named for thread in conversations)))
        threads: Counter[str] = Counter()
        messages: Counter[str] = Counter()
        for conversation in conversations:
            roots = [_roots(terms(said.text), names) for said in conversation.messages]
            messages.update(root for of_message in roots for root in of_message)
            threads.update(frozenset[str]().union(*roots))
        others = max(1, len(conversations) - 1)
        return cls(
            shared={root: (count - 1) / others for root, count in threads.items()},
            repeated={root: min(1.0, (count - 1) / _MANY) for root, count in messages.items()},
            names=names,
        )

    def telling(self, text_terms: Iterable[str]) -> list[float]:
        """Return for each different term how much it says, 0 to 1, the most telling first."""
        roots = {term[:_ROOT]: term for term in text_terms if term not in self.names}
        return sorted((rarity(term) for term in roots.values()), reverse=True)

    def central(self, text_terms: Iterable[str]) -> list[float]:
        """Return for each different term how much it says of all threads, the highest first."""
        roots = {term[:_ROOT]: term for term in text_terms if term not in self.names}
        return sorted(
            (
                rarity(term) * (self.shared.get(root, 0.0) + self.repeated.get(root, 0.0)) / 2
                for root, term in roots.items()
            ),
            reverse=True,
        )


def _roots(text_terms: Iterable[str], names: Collection[str]) -> frozenset[str]:
    return frozenset(term[:_ROOT] for term in text_terms if term not in names)


def rarity(term: str) -> float:
    """Return how rare a term is in general operations chat, 0 to 1."""
    background = shipped_background()
    count = background.logarithms.get(term_id(term), log(_SMOOTHING))
    return _RAREST - count / log(background.messages)
