"""Learn the weights of search: `python -m tests.recognition.train_ranking`.

Needs the extras `semantic` and `train`. Prints the weights of all data, for `bot.domain.ranking`,
and what they reach on each team when it is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# SciPy and scikit-learn have no types, and only training needs them.
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped] # as above

from bot.domain.embedding import Embedder
from bot.domain.ranking import Features, Weights, compare, lead_of, read_corpus
from bot.embedding import load_embedder
from tests.recognition.searches import RUNBOOKS, TEAMS, load

HOLD: Final = 0.002  # how strongly weights are held to zero
START: Final = 3.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A search: the features of each entry, and which entries answer."""

    team: str
    features: list[Features]
    right: list[bool]


def read_samples(name: str, embedder: Embedder | None) -> list[Sample]:
    """Return the searches of a team with the features of its entries."""
    library = load(name)
    documents = library.documents(embedder)
    corpus = read_corpus(documents)
    samples = []
    for search in library.mended():
        [embedding] = embedder.embed([search.question]) if embedder else [None]
        features = compare(search.question, documents, corpus, embedding)
        right = [key in search.answers for key in features]
        samples.append(Sample(name, list(features.values()), right))
    return samples


def fit(samples: Sequence[Sample], *, with_passages: bool) -> Weights:
    """Learn both parts: the order of entries, and whether the first one answers."""
    exact, related, *passages = _fit_order([s for s in samples if any(s.right)], with_passages)
    order = Weights(exact=exact, related=related, passages=passages[0] if passages else 0.0)
    # The runbooks have one writer's questions without an answer, from other fields of work.
    rows = [cut_row(s, order) for s in samples if s.team != RUNBOOKS]
    answered = [any(s.right) for s in samples if s.team != RUNBOOKS]
    columns = [1, 2] if with_passages else [0]
    model = LogisticRegression(C=1.0).fit(np.array(rows)[:, columns], answered)
    amount, likeness, lead = 0.0, 0.0, 0.0
    if with_passages:
        likeness, lead = map(float, model.coef_[0])
    else:
        [amount] = map(float, model.coef_[0])
    return Weights(
        exact=order.exact,
        related=order.related,
        passages=order.passages,
        offset=float(model.intercept_[0]),
        amount=amount,
        likeness=likeness,
        lead=lead,
    )


def cut_row(sample: Sample, order: Weights) -> list[float]:
    """Return what the cut looks at."""
    first = max(sample.features, key=order.score)
    return [first.amount, first.likeness, lead_of(first, sample.features)]


def _fit_order(samples: Sequence[Sample], with_passages: bool) -> list[float]:  # noqa: FBT001 - as fit
    rows = [
        (
            np.array(
                [[f.exact, f.related, *([f.passages] if with_passages else [])] for f in s.features]
            ),
            np.array(s.right, dtype=float),
        )
        for s in samples
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


def main() -> None:
    """Print the weights, and the figures of each team left out."""
    from tests.recognition.evaluate_search import judge  # noqa: PLC0415 - it imports this module

    for embedder in (None, load_embedder()):
        names = (*TEAMS, RUNBOOKS)
        samples = {name: read_samples(name, embedder) for name in names}
        everything = [sample for name in names for sample in samples[name]]
        print(fit(everything, with_passages=embedder is not None))
        left_out = {
            name: fit(
                [sample for other in names if other != name for sample in samples[other]],
                with_passages=embedder is not None,
            )
            for name in names
        }
        for figure in judge(samples, left_out):
            print(figure)


if __name__ == "__main__":
    main()
