"""Judge search: is the right entry first, and does it know when to stop?"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.domain.ranking import ANSWERS, SURE
from bot.domain.ranking_weights import Weights
from tests.recognition.searches import RUNBOOKS

if TYPE_CHECKING:
    from tests.recognition.train_ranking import Learned, Sample

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
        return f"{self.team:9} {self.name:40} {self.value:.3f}  ({self.low:.2f} to {self.high:.2f})"


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
    samples: Mapping[str, Sequence["Sample"]], learned: Mapping[str, "Learned"]
) -> Iterator[Figure]:
    """Judge each team with the weights that were learned from the others."""
    pooled: list[tuple[float, bool]] = []
    taken: list[float] = []
    reciprocals: list[float] = []
    for name, searches in samples.items():
        order, _ = learned[name]
        ranks = [_reciprocal(search, order) for search in searches if search.has_answer]
        yield summarize(name, "MRR@10", ranks)
        if name != RUNBOOKS:
            reciprocals += ranks
            for search in searches:
                chance = _probability(search, learned[name])
                if search.is_real:
                    pooled.append((chance, search.has_answer))
                else:
                    taken.append(chance)
    yield summarize("teams", "MRR@10", reciprocals)
    unanswerable = sorted((chance for chance, right in pooled if not right), reverse=True)
    least = unanswerable[int(ANSWERED_WRONGLY * len(unanswerable))]
    answered = [float(chance > least) for chance, right in pooled if right]
    yield summarize("teams", f"answered (p above {least:.2f})", answered)
    for bar in (ANSWERS, SURE):
        yield from _judge_bar(bar, pooled, taken)


def _judge_bar(
    bar: float, pooled: Sequence[tuple[float, bool]], taken: Sequence[float]
) -> Iterator[Figure]:
    """Judge a probability from which search lists entries as answers, or a question is answered."""
    groups = {
        "with an answer": [chance for chance, right in pooled if right],
        "without one": [chance for chance, right in pooled if not right],
        "entry taken away": taken,
    }
    for name, chances in groups.items():
        reached = [float(chance >= bar) for chance in chances]
        yield summarize("teams", f"answered from {bar}, {name}", reached)


def _reciprocal(search: "Sample", order: Weights) -> float:
    places = sorted(
        range(len(search.features)),
        key=lambda place: order.score(search.features[place]),
        reverse=True,
    )
    ranks = (rank for rank, place in enumerate(places[:SHOWN], 1) if search.right[place])
    return 1 / next(ranks, float("inf"))


def _probability(search: "Sample", learned: "Learned") -> float:
    order, cut = learned
    return cut.probability(search.cut(order))
