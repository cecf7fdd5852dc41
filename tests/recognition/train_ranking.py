"""Learn the weights of search: `python -m tests.recognition.train_ranking`.

Needs the extras `semantic` and `train`. Prints the weights of all data, for
`bot.domain.ranking_weights`, and what they reach on each team when it is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# SciPy and scikit-learn have no types, and only training needs them.
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped] # as above

from bot.domain.embedding import Embedder
from bot.domain.ranking import Features, compare
from bot.domain.ranking_weights import Cut, CutWeights, Weights, measure_cut
from bot.domain.thread_evidence import USUAL, ThreadEvidence
from bot.embedding import load_embedder
from tests.recognition.evaluate_coverage import read_threads
from tests.recognition.searches import CHECK, RUNBOOKS, TEAMS, Library, load
from tests.recognition.thread_evidence import HeardThreads
from tests.recognition.train_coverage import fit as fit_coverage

HOLD: Final = 0.002  # how strongly weights are held to zero
START: Final = 3.0
# A question whose entry was taken away has no answer either, but counts less than a real one.
TAKEN_AWAY: Final = 0.5
WORDS: Final = ("related", "margin", "threads", "uncovered")
PASSAGES: Final = ("margin", "lead", "threads", "uncovered")

Floats = NDArray[np.float64]
Learned = tuple[Weights, CutWeights]


@dataclass(frozen=True)
class Sample:
    """A search: the features of each entry, and which entries answer.

    `is_real`: nothing was taken away.
    """

    team: str
    question: str
    features: list[Features]
    right: list[bool]
    evidence: ThreadEvidence
    is_real: bool = True

    @property
    def has_answer(self) -> bool:
        """Whether an entry answers."""
        return any(self.right)

    def cut(self, order: Weights) -> Cut:
        """Return what tells whether the first entry answers."""
        ordered = sorted(self.features, key=order.score, reverse=True)
        return measure_cut(ordered, order, self.evidence, len(self.features))


def read_samples(
    library: Library, embedder: Embedder | None, heard: HeardThreads | None
) -> Iterator[Sample]:
    """Yield the searches over entries, each also without the entry that answers it."""
    documents = library.documents(embedder)
    for search in library.mended():
        [embedding] = embedder.embed([search.question]) if embedder else [None]
        for without in (None, *(search.answers if heard else ())):
            known = heard.weigh(search.question, without=without) if heard else USUAL
            left = [document for document in documents if document.key != without]
            features = compare(search.question, left, None, embedding, known)
            yield Sample(
                team=library.name,
                question=search.question,
                features=list(features.values()),
                right=[key in search.answers for key in features],
                evidence=known,
                is_real=without is None,
            )


def hear_teams(embedder: Embedder | None) -> dict[str, HeardThreads]:
    """Return the threads of each team, with what was learned about covering without it."""
    threads = {team: read_threads(team, embedder) for team in TEAMS}
    return {
        team: HeardThreads(
            threads[team],
            fit_coverage(
                [thread for other in TEAMS if other != team for thread in threads[other]],
                with_passages=embedder is not None,
            ),
        )
        for team in TEAMS
    }


def fit(samples: Sequence[Sample], *, with_passages: bool) -> Learned:
    """Learn both parts: the order of entries, and whether the first one answers."""
    answered = [sample for sample in samples if sample.has_answer]
    exact, related, threads, *passages = _fit_order(answered, with_passages)
    order = Weights(exact=exact, related=related, threads=threads, passages=sum(passages))
    # The runbooks have one writer's questions without an answer, from other fields of work.
    rows = [sample for sample in samples if sample.team != RUNBOOKS]
    names = PASSAGES if with_passages else WORDS
    cuts = [sample.cut(order) for sample in rows]
    table = np.array([[getattr(cut, name) for name in names] for cut in cuts])
    scale = table.std(axis=0)
    model = LogisticRegression(C=1.0).fit(
        table / scale,
        [sample.has_answer for sample in rows],
        sample_weight=[1.0 if sample.is_real else TAKEN_AWAY for sample in rows],
    )
    weights = dict(zip(names, map(float, model.coef_[0] / scale), strict=True))
    return order, CutWeights(offset=float(model.intercept_[0]), **weights)


def _fit_order(samples: Sequence[Sample], with_passages: bool) -> list[float]:  # noqa: FBT001 - as fit
    rows = [
        (
            np.array(
                [
                    [f.exact, f.related, f.threads, *([f.passages] if with_passages else [])]
                    for f in sample.features
                ]
            ),
            np.array(sample.right, dtype=float),
        )
        for sample in samples
    ]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = HOLD / 2 * weights @ weights, HOLD * weights
        for features, right in rows:
            score = features @ weights
            chance = np.exp(score - score.max())
            chance /= chance.sum()
            hit = chance @ right + 1e-12
            total -= np.log(hit) / len(rows)
            slope = slope - ((chance * right / hit) @ features - chance @ features) / len(rows)
        return total, slope

    start = np.full(rows[0][0].shape[1], START)
    bounds = [(0, None)] * len(start)
    return list(map(float, minimize(loss, start, jac=True, bounds=bounds).x))


def leave_out(
    samples: Mapping[str, Sequence[Sample]], *, with_passages: bool
) -> dict[str, Learned]:
    """Return for each team what is learned on all others."""
    return {
        name: fit(
            [sample for other in samples if other != name for sample in samples[other]],
            with_passages=with_passages,
        )
        for name in samples
    }


def main() -> None:
    """Print the weights, and the figures of each team left out."""
    from tests.recognition.evaluate_search import judge  # noqa: PLC0415 - it imports this module

    for embedder in (None, load_embedder()):
        with_passages = embedder is not None
        heard = hear_teams(embedder)
        samples = {
            name: list(read_samples(load(name), embedder, heard.get(name)))
            for name in (*TEAMS, RUNBOOKS)
        }
        everything = [sample for own in samples.values() for sample in own]
        for weights in fit(everything, with_passages=with_passages):
            print(weights, [round(weight, 2) for weight in astuple(weights)])
        left_out = leave_out(samples, with_passages=with_passages)
        check = {
            team: list(read_samples(load(team, CHECK), embedder, heard[team])) for team in TEAMS
        }
        for title, judged in (("", samples), ("other queries", check)):
            print(title)
            for figure in judge(judged, left_out):
                print(figure)


if __name__ == "__main__":
    main()
