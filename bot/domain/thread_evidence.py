"""The evidence of the threads heard so far about a question.

Threads that an entry covers are other words for the entry. A thread with the question's words that
no entry covers speaks against all entries: people asked, and it isn't written down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

Ids = frozenset[int]

# Weights were learned on threads of up to so many terms. A longer one has much of any question by
# chance, so it counts for less.
_USUAL_TERMS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownThread:
    """A thread's terms, and the entry that most probably covers it, with the probability."""

    terms: Ids
    entry: str | None = None
    coverage: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadEvidence:
    """How much of a question the nearest threads have, 0 to 1.

    `covered`: of the threads that each entry covers, by the entry's key. `uncovered`: of those that
    no entry covers. Both are multiplied by how probable that is.
    """

    covered: Mapping[str, float]
    uncovered: float


# The usual values, for a team without known threads.
USUAL: Final = ThreadEvidence(covered={}, uncovered=0.3)


def weigh_threads(
    asked: Ids, threads: Iterable[KnownThread], rarities: Mapping[int, float]
) -> ThreadEvidence:
    """Return what threads say about a question with these terms."""
    total = sum(rarities[term] for term in asked) or 1.0
    covered: dict[str, float] = {}
    uncovered = 0.0
    for thread in threads:
        share = sum(rarities[term] for term in asked & thread.terms) / total
        share *= min(1.0, _USUAL_TERMS / max(1, len(thread.terms)))
        uncovered = max(uncovered, share * (1 - thread.coverage))
        if thread.entry is not None:
            most = covered.get(thread.entry, 0.0)
            covered[thread.entry] = max(most, share * thread.coverage)
    return ThreadEvidence(covered=covered, uncovered=uncovered)
