"""The evidence of a team's threads about searches, as search weighs it."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.listening.coverage import Weights, relate
from bot.domain.listening.heard import read_question
from bot.domain.listening.rarity import Rarity, shipped_background
from bot.domain.thread_evidence import KnownThread, ThreadEvidence, weigh_threads
from tests.recognition.evaluate_coverage import Thread


class HeardThreads:
    """The threads of a team, and what was learned about covering on the other teams."""

    def __init__(self, threads: Sequence[Thread], weights: Weights) -> None:
        self._threads, self._weights = threads, weights
        self._terms = [read_question(thread.text) for thread in threads]
        counts = Counter(term for found in self._terms for term in found)
        self._rarities = Rarity(shipped_background()).among(len(threads), counts)
        self._known: dict[str | None, list[KnownThread]] = {}

    def weigh(self, question: str, *, without: str | None = None) -> ThreadEvidence:
        """Return what the threads say about a question. `without`: an entry that isn't written."""
        if without not in self._known:
            pairs = zip(self._threads, self._terms, strict=True)
            self._known[without] = [self._know(thread, found, without) for thread, found in pairs]
        return weigh_threads(read_question(question), self._known[without], self._rarities)

    def _know(self, thread: Thread, found: frozenset[int], without: str | None) -> KnownThread:
        numbers = {key: value for key, value in thread.at_end.items() if key != without}
        related = relate(
            {key: value.amount for key, value in numbers.items()},
            {key: value.passages for key, value in numbers.items()},
            length=next(iter(numbers.values())).length,
        )
        chances = {key: self._weights.probability(value) for key, value in related.items()}
        best = max(chances, key=chances.__getitem__)
        return KnownThread(terms=found, entry=best, coverage=chances[best])
