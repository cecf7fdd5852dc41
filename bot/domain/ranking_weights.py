"""How well an entry fits a question, as numbers, and how probably the best one answers it.

`tests/recognition/train_ranking.py` learns the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final

from bot.domain.thread_evidence import ThreadEvidence

# With one entry, its likeness says nothing about the others, so some usual ones are imagined.
_USUAL_LIKENESS: Final = 0.15
_IMAGINED_OTHERS: Final = 5
# The weights were learned where a team had this many entries. Where there are fewer, fewer
# questions have an answer. Half of these log odds keeps about as many of the answers right.
_USUAL_ENTRIES: Final = 10
_FEWER: Final = 0.5
# The first entry is compared with this many that follow it.
_NEXT: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """How well a document fits a query. All but `amount` are shares of the query's total rarity.

    `threads`: of the best thread that the entry covers.
    """

    exact: float = 0.0
    related: float = 0.0
    amount: float = 0.0
    passages: float = 0.0
    likeness: float = 0.0
    threads: float = 0.0
    has_all_words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How surely the first entry answers.

    `related`: its words. `margin`: how far its score is above the next ones. `lead`: how much
    closer its passages are than those of all. `threads`, `uncovered`: how much of the question a
    thread has that the entry covers, or that no entry covers. `entries`: how many were searched.
    """

    related: float
    margin: float
    lead: float
    threads: float
    uncovered: float
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CutWeights:
    """The log odds that the first entry answers: an offset, and a weight for each number."""

    offset: float
    related: float = 0.0
    margin: float
    lead: float = 0.0
    threads: float
    uncovered: float

    def probability(self, cut: Cut) -> float:
        """Return how probably the first entry answers."""
        odds = (
            self.offset
            + self.related * cut.related
            + self.margin * cut.margin
            + self.lead * cut.lead
            + self.threads * cut.threads
            + self.uncovered * cut.uncovered
            + _FEWER * log(min(1.0, cut.entries / _USUAL_ENTRIES))
        )
        return 1 / (1 + exp(-odds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A linear score of an entry's features."""

    exact: float
    related: float
    passages: float = 0.0
    threads: float

    def score(self, features: Features) -> float:
        """Return how well a document fits; the higher, the better."""
        return (
            self.exact * features.exact
            + self.related * features.related
            + self.passages * features.passages
            + self.threads * features.threads
        )


WORDS_ONLY: Final = Weights(exact=8.85, related=8.52, threads=4.21)
WITH_PASSAGES: Final = Weights(exact=5.67, related=4.64, passages=12.25, threads=3.52)
CUT_BY_WORDS: Final = CutWeights(
    offset=-0.92, related=6.2, margin=0.302, threads=2.44, uncovered=-3.21
)
CUT_BY_PASSAGES: Final = CutWeights(
    offset=-1.4, margin=0.323, lead=8.57, threads=3.52, uncovered=-3.86
)


def measure_cut(
    ordered: Sequence[Features], weights: Weights, evidence: ThreadEvidence, entries: int
) -> Cut:
    """Return what tells whether the first document answers.

    `ordered`: those that have anything of the query, best first. `entries`: how many were searched.
    """
    first, others = ordered[0], ordered[1 : 1 + _NEXT]
    # Where fewer follow, some without any word of the query are imagined.
    imagined = Features(passages=_USUAL_LIKENESS if first.passages else 0.0)
    scores = [weights.score(other) for other in others]
    scores += [weights.score(imagined)] * (_NEXT - len(others))
    usual = sum(found.likeness for found in ordered) + _IMAGINED_OTHERS * _USUAL_LIKENESS
    return Cut(
        related=first.related,
        margin=weights.score(first) - sum(scores) / _NEXT,
        lead=first.likeness - usual / (len(ordered) + _IMAGINED_OTHERS),
        threads=first.threads,
        uncovered=evidence.uncovered,
        entries=entries,
    )
