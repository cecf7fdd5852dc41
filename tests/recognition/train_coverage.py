"""Learn when an entry covers a thread: `python -m tests.recognition.train_coverage`.

Needs the extras `semantic` and `train`. Prints the weights of all teams, for
`bot.domain.listening.coverage`, and what they reach on each team when it is left out.
"""

from collections.abc import Sequence
from dataclasses import astuple, fields

import numpy as np

# scikit-learn has no types, and only training needs it.
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from bot.domain.listening.coverage import MessageWeights, Numbers, Weights
from bot.embedding import load_embedder
from tests.recognition.evaluate_coverage import Thread, judge, read_threads
from tests.recognition.searches import TEAMS

WORDS = ("amount", "amount_lead", "length")
NAMES = tuple(field.name for field in fields(Numbers))


def fit(threads: Sequence[Thread], *, with_passages: bool) -> Weights:
    """Learn from openings and whole threads when an entry covers them."""
    names = NAMES if with_passages else WORDS
    rows, covers = [], []
    for thread in threads:
        for stage in (thread.at_opening, thread.at_end):
            for key, numbers in stage.items():
                rows.append([getattr(numbers, name) for name in names])
                covers.append(key == thread.entry)
    offset, weights = _fit(rows, covers)
    return Weights(offset=offset, **dict(zip(names, weights, strict=True)))


def fit_messages(threads: Sequence[Thread]) -> MessageWeights:
    """Learn which messages of a covered thread are about its matter."""
    covered = [thread for thread in threads if thread.entry]
    rows = [list(map(float, row)) for thread in covered for row in thread.messages[thread.entry]]
    about = [bool(gold) for thread in covered for gold in thread.gold]
    offset, weights = _fit(rows, about)
    return MessageWeights(offset, *weights)


def _fit(rows: list[list[float]], right: list[bool]) -> tuple[float, list[float]]:
    """Return the offset and weights, held to zero on a common scale."""
    table = np.array(rows)
    scale = table.std(axis=0)
    model = LogisticRegression(C=0.3).fit(table / scale, right)
    return float(model.intercept_[0]), [float(w) for w in model.coef_[0] / scale]


def main() -> None:
    """Print the weights, and the figures of each team left out."""
    for embedder in (None, load_embedder()):
        with_passages = embedder is not None
        threads = {team: read_threads(team, embedder) for team in TEAMS}
        everything = [thread for team in TEAMS for thread in threads[team]]
        print(fit(everything, with_passages=with_passages))
        print(astuple(fit_messages(everything)))
        left_out = {}
        for team in TEAMS:
            others = [thread for other in TEAMS if other != team for thread in threads[other]]
            left_out[team] = fit(others, with_passages=with_passages), fit_messages(others)
        for figure in judge(threads, left_out):
            print(figure)


if __name__ == "__main__":
    main()
