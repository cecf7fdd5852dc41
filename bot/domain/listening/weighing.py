"""The evidence of the threads heard so far about a question, found by its terms as threads are."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final, Protocol, TypeVar

from bot.domain.listening.coverage import Cover
from bot.domain.listening.heard import read_question
from bot.domain.listening.rarity import Rarity
from bot.domain.thread_evidence import USUAL, Ids, KnownThread, ThreadEvidence, weigh_threads

Thread = TypeVar("Thread")

# Among fewer threads, it says nothing that a question never came up.
FEWEST_THREADS: Final = 30
# The threads that share the most rare terms with a question are compared with it.
NEAREST_THREADS: Final = 16
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class AskedThreads(Protocol[Thread]):
    """The threads that may be about a question: in memory, or in a database."""

    def counts(self, terms: Collection[int], /) -> tuple[int, Mapping[int, int]]:
        """Return how many threads there are, and in how many of them each term occurs."""

    def sharing(self, terms: Mapping[int, float], since: datetime, most: int) -> list[Thread]:
        """Return the threads with the largest weight of terms in common, heaviest first."""

    def wholes(self, threads: Collection[Thread]) -> Mapping[Thread, Ids]:
        """Return all terms of each thread."""


def weigh_question(
    question: str,
    threads: AskedThreads[Thread],
    find_covers: Callable[[Mapping[Thread, Ids]], Mapping[Thread, Cover]],
    rarity: Rarity,
    since: datetime = _ALWAYS,
) -> ThreadEvidence:
    """Return what threads say about a question.

    `find_covers`: returns the best cover of each thread, of which all terms are given.
    """
    asked = read_question(question)
    total, counts = threads.counts(asked)
    if total < FEWEST_THREADS or not asked:
        return USUAL
    rarities = rarity.among(total, counts)
    # Squared, because most threads with a common term have nothing else of the question.
    rarest = sorted(asked, key=lambda term: (-rarities[term], term))
    weights = {term: rarities[term] ** 2 for term in rarest}
    found = threads.wholes(threads.sharing(weights, since, NEAREST_THREADS))
    # A thread that says no more is the same question, and may have been answered by an entry.
    near = {thread: terms for thread, terms in found.items() if not terms <= asked}
    covers = find_covers(near)
    known = [
        KnownThread(
            terms=terms,
            entry=covers[thread].key if thread in covers else None,
            coverage=covers[thread].probability if thread in covers else 0.0,
        )
        for thread, terms in near.items()
    ]
    return weigh_threads(asked, known, rarities)
