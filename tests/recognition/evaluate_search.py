"""Judge search: is the right entry first, and does it know when to stop?"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.domain.ranking import Weights, lead_of
from tests.recognition.searches import RUNBOOKS

if TYPE_CHECKING:
    from tests.recognition.train_ranking import Sample

SHOWN: Final = 10
# The share of questions without an answer that may be answered all the same.
ANSWERED_WRONGLY: Final = 0.05
_DRAWS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value of one team, with the 5th and 95th percentile of resampling."""

    team: str
    name: str
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.team:9} {self.name:34} {self.value:.3f}  ({self.low:.2f} to {self.high:.2f})"


def summarize(team: str, name: str, values: Sequence[float]) -> Figure:
    """Return the mean of some values, and how far it varies if they are drawn again."""
    if not values:
        return Figure(team=team, name=name, value=0.0, low=0.0, high=0.0)
    chance = random.Random(1)
    means = sorted(sum(chance.choices(values, k=len(values))) / len(values) for _ in range(_DRAWS))
    return Figure(
        team=team,
        name=name,
        value=sum(values) / len(values),
        low=means[_DRAWS // 20],
        high=means[-_DRAWS // 20],
    )


def judge(
    samples: Mapping[str, Sequence["Sample"]], weights: Mapping[str, Weights]
) -> Iterator[Figure]:
    """Judge each team with the weights that were learned from the others."""
    pooled: list[tuple[float, bool]] = []
    reciprocals: list[float] = []
    for name, searches in samples.items():
        ranks = [_reciprocal(search, weights[name]) for search in searches if any(search.right)]
        yield summarize(name, "MRR@10", ranks)
        if name != RUNBOOKS:
            reciprocals += ranks
            pooled += [(_probability(s, weights[name]), any(s.right)) for s in searches]
    yield summarize("teams", "MRR@10", reciprocals)
    unanswerable = sorted((p for p, right in pooled if not right), reverse=True)
    least = unanswerable[int(ANSWERED_WRONGLY * len(unanswerable))]
    answered = [float(p > least) for p, right in pooled if right]
    yield summarize("teams", f"answered (p above {least:.2f})", answered)


def _reciprocal(search: "Sample", weights: Weights) -> float:
    order = sorted(
        range(len(search.features)),
        key=lambda place: weights.score(search.features[place]),
        reverse=True,
    )
    ranks = (rank for rank, place in enumerate(order[:SHOWN], 1) if search.right[place])
    return 1 / next(ranks, float("inf"))


def _probability(search: "Sample", weights: Weights) -> float:
    first = max(search.features, key=weights.score)
    return weights.probability(first, lead_of(first, search.features))
