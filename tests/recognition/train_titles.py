"""Train the weights that choose titles: `python -m tests.recognition.train_titles`.

A ridge regression on how well each phrase of a matter's threads names it, compared with the other
phrases of the same matter. Sixty matters say little about two dozen features, so the weights start
from a prior and move away from it only as far as the matters require. Reads the matters of ops-chat
and `data/titles.json`, prints how many titles of each team name their matter while the team is left
out, and writes title_weights.json.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.domain.listening import titles
from bot.domain.listening.titles import WEIGHTS, find_candidates
from tests.recognition.labeled import OPS_TEAMS
from tests.recognition.matters import NAMES_IT, Matter, load_matters

# Weights for features divided by their spread.
_PRIOR: Final = {
    "first message": 0.04,
    "opening": 0.02,
    "place": -0.03,
    "trouble": 0.03,
    "central": 0.03,
    "most central": 0.02,
    "commas": -0.02,
    "one term": -0.03,
    "two words": -0.01,
    "first person": -0.02,
    "second person": -0.015,
    "pronouns": -0.015,
    "own act": -0.03,
    "odd start": -0.03,
    "odd end": -0.03,
    "cut": -0.01,
}
_RIDGE: Final = 5000.0
# The given title has other words than the chat, so its words count less than an accepted phrase.
_GIVEN: Final = 0.3
_DECENT: Final = 0.5  # similarity to an accepted phrase below which a phrase is as bad as any


@dataclass(frozen=True)
class Rated:
    """A matter's phrases, with their features (`names`) and how well each names it."""

    matter: Matter
    names: Sequence[str]
    texts: Sequence[str]
    features: NDArray[np.float64]
    quality: NDArray[np.float64]

    @classmethod
    def of(cls, matter: Matter) -> Self:
        """Rate all phrases of a matter's threads."""
        spoken = (said for thread in matter.conversations for said in thread.messages)
        rule = next((said for said in spoken if said.ts in matter.rules), None)
        candidates = list(find_candidates(matter.conversations, rule))
        texts = [candidate.phrase.text for candidate in candidates]
        rated = [
            max(0.0, matter.rate_title(text) - _DECENT) / (1 - _DECENT)
            + _GIVEN * matter.match_title(text)
            for text in texts
        ]
        rows = [list(candidate.features.values()) for candidate in candidates]
        return cls(matter, list(candidates[0].features), texts, np.array(rows), np.array(rated))


def fit_titles(rated: Sequence[Rated]) -> Mapping[str, float]:
    """Return the weight of each feature."""
    inputs = np.vstack([each.features - each.features.mean(0) for each in rated])
    quality = np.concatenate([each.quality - each.quality.mean() for each in rated])
    spread = inputs.std(0) + 1e-9
    inputs /= spread
    prior = np.array([_PRIOR.get(name, 0.0) for name in rated[0].names])
    normal = inputs.T @ inputs + _RIDGE * np.eye(inputs.shape[1])
    change = np.linalg.solve(normal, inputs.T @ (quality - inputs @ prior))
    weights = ((prior + change) / spread).round(5)
    return dict(zip(rated[0].names, map(float, weights), strict=True))


def main() -> None:
    """Print the share of good titles of each team while it is left out, and write the weights."""
    rated = [Rated.of(matter) for team in OPS_TEAMS for matter in load_matters(team)]
    for team in OPS_TEAMS:
        weights = fit_titles([each for each in rated if each.matter.team != team])
        vector = np.array(list(weights.values()))
        chosen = [
            each.matter.rate_title(each.texts[int(np.argmax(each.features @ vector))]) >= NAMES_IT
            for each in rated
            if each.matter.team == team
        ]
        print(f"{team:7} {np.mean(chosen):.2f}")
    path = Path(titles.__file__).with_name(WEIGHTS)
    path.write_text(json.dumps(fit_titles(rated), indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
