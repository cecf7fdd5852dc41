"""Train the model of asking: when it was right to ask someone about a group of threads.

On real chat almost no one would want to be asked: few threads are about a recurring matter of work,
and fewer still are settled by a message that is worth an entry.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bot.domain.listening.asking import FEATURES, asking_features
from bot.domain.listening.heard import Heard
from bot.domain.listening.matters import (
    Occurrence,
    answer_worth,
    find_answerer,
    is_recurring,
)
from tests.recognition.labeled import DATA, OPS_TEAMS
from tests.recognition.teams import Root, Team

ASKING: Final = DATA / "asking.json"
# How strongly weights are held to zero: scikit-learn's C.
_C: Final = 0.2
# The groups of a real chat count as much as this many of an operations team.
_REAL: Final = 60.0

# The threads of a group when one joined it, that one last, and how likely each two are one matter.
Growth = tuple[Sequence[Root], Sequence[Mapping[int, float]]]
Rows = tuple[NDArray[np.float64], NDArray[np.bool_]]


class Judge:
    """Says whether the answerer of a group would be glad to be asked, by the labels of a team."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._is_ops = team.name in OPS_TEAMS
        labels = {} if self._is_ops else json.loads(ASKING.read_text("utf-8"))[team.name]
        self._answers = {f"{team.name}:{number}" for number in labels.get("answers", ())}
        self._matters: dict[str, set[str]] = {}
        for matter, roots in labels.get("matters", {}).items():
            for number in roots:
                self._matters.setdefault(f"{team.name}:{number}", set()).add(matter)

    def is_right(self, roots: Sequence[Root], occurrences: Sequence[Occurrence]) -> bool:
        """Return whether most threads are about the matter of the last, and its answer is good."""
        matters = self._matters_of(roots[-1])
        shared = {
            matter: sum(matter in self._matters_of(root) for root in roots) for matter in matters
        }
        matter = max(sorted(shared), key=shared.__getitem__, default="")
        if shared.get(matter, 0) < max(2, len(roots) / 2):
            return False
        answerer = find_answerer(occurrences)
        if self._is_ops:
            return answerer in self._team.people_of(matter)
        said = [said for one in occurrences for said in one.messages if said.user == answerer]
        return max(said, key=answer_worth).ts in self._answers

    def _matters_of(self, root: Root) -> set[str]:
        if self._is_ops:
            return {self._team.matters[root]} if root in self._team.matters else set()
        return self._matters.get(root[1], set())


def describe(team: Team, heard: Mapping[str, Heard], growth: Iterable[Growth]) -> Rows:
    """Return the features of each group whenever a thread joined it, and if asking was right."""
    judge = Judge(team)
    rows, right = [], []
    for roots, likelihoods in growth:
        occurrences = [
            Occurrence(messages=tuple(heard[one.said.ts] for one in team.threads[root]))
            for root in roots
        ]
        if is_recurring(occurrences):
            rows.append(asking_features(occurrences, likelihoods))
            right.append(judge.is_right(roots, occurrences))
    return np.array(rows).reshape(-1, len(FEATURES)), np.array(right, dtype=bool)


def fit_asking(described: Sequence[tuple[str, Rows]]) -> dict[str, Any]:
    """Return the model of asking, in the shape of `models.json`."""
    inputs = np.vstack([rows for _, (rows, _) in described])
    right = np.concatenate([right for _, (_, right) in described])
    weights = np.concatenate(
        [
            np.full(len(right), 1.0 if name in OPS_TEAMS else _REAL / len(right))
            for name, (_, right) in described
        ]
    )
    scaler = StandardScaler().fit(inputs, sample_weight=weights)
    model = LogisticRegression(C=_C, max_iter=3000)
    model.fit(scaler.transform(inputs), right, sample_weight=weights)
    scaled = model.coef_[0] / scaler.scale_
    offset = float(model.intercept_[0] - (scaled * scaler.mean_).sum())
    return {
        "offset": round(offset, 4),
        "weights": {
            name: round(float(weight), 4) for name, weight in zip(FEATURES, scaled, strict=True)
        },
    }
