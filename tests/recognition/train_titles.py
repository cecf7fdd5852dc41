"""Train the weights that choose titles: `python -m tests.recognition.train_titles`.

A ridge regression on how well each phrase of a matter's threads names it, compared with the other
phrases of the same matter. A hundred matters say little about three dozen features, so the weights
start from a prior and move away from it only as far as the matters require. Reads the matters of
ops-chat, some threads of NCAR and `data/titles.json`, prints how good the titles of each team are
while the team is left out, and writes title_weights.json.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.domain.listening import titles
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.titles import WEIGHTS, find_candidates
from tests.recognition.labeled import NCAR, OPS_TEAMS, load_team
from tests.recognition.matters import load_matters
from tests.recognition.rated_titles import GOOD, RatedPhrases, load_phrases

# Weights for features divided by their spread.
_PRIOR: Final = {
    "first message": 0.04,
    "answered": 0.01,
    "place": -0.03,
    "trouble": 0.03,
    "hands over": 0.02,
    "how to": 0.02,
    "central": 0.03,
    "most central": 0.02,
    "telling": 0.02,
    "no term": -0.03,
    "one term": -0.03,
    "two words": -0.01,
    "short": -0.01,
    "long": -0.015,
    "clauses": -0.015,
    "commas": -0.015,
    "details": -0.02,
    "marks": -0.02,
    "code": -0.06,
    "quoted": -0.01,
    "quoted trouble": 0.02,
    "first person": -0.03,
    "second person": -0.02,
    "pronouns": -0.025,
    "pleads": -0.03,
    "person": -0.02,
    "own act": -0.03,
    "their act": -0.02,
    "outcome": -0.03,
    "past": -0.03,
    "gerund": -0.01,
    "odd start": -0.04,
    "odd middle": -0.03,
    "odd end": -0.04,
    "cut": -0.005,
    "lost trouble": -0.02,
}
_RIDGE: Final = 3000.0
# A rare feature counts as if it were spread at least this much, or a few phrases would decide.
_LEAST_SPREAD: Final = 0.2
# A matter with more phrases doesn't count more.
_MOST_PHRASES: Final = 300
# The title that the author of a matter gave it has other words than the chat.
_GIVEN: Final = 0.2
_MOST_MESSAGES: Final = 60  # of a thread, as the listener keeps them


@dataclass(frozen=True)
class Rated:
    """The phrases of a matter, with their features (`names`) and how well each names it.

    `wanted`: learned by the regression. `grades`: given by a reader, 0 to 1.
    """

    team: str
    names: Sequence[str]
    texts: Sequence[str]
    features: NDArray[np.float64]
    wanted: NDArray[np.float64]
    grades: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        team: str,
        conversations: Sequence[Conversation],
        phrases: RatedPhrases,
        match: Callable[[str], float] = lambda _: 0.0,
    ) -> Self:
        """Rate all phrases of a matter's threads. `match`: likeness to the title it was given."""
        candidates = list(find_candidates(conversations))
        texts = [candidate.phrase.text for candidate in candidates]
        grades = np.array([phrases.rate(text) for text in texts])
        return cls(
            team=team,
            names=list(candidates[0].features),
            texts=texts,
            features=np.array([list(candidate.features.values()) for candidate in candidates]),
            wanted=grades + _GIVEN * np.array([match(text) for text in texts]),
            grades=grades,
        )

    def grade(self, weights: Mapping[str, float]) -> float:
        """Return how good the title is that the weights choose."""
        vector = np.array([weights[name] for name in self.names])
        return float(self.grades[int(np.argmax(self.features @ vector))])


def rate_all() -> list[Rated]:
    """Return the matters of the operations teams, and the rated threads of NCAR."""
    rated = [
        Rated.of(team, matter.conversations, matter.phrases, matter.match_title)
        for team in OPS_TEAMS
        for matter in load_matters(team)
    ]
    phrases = load_phrases(NCAR)
    threads: dict[str, list[Said]] = {}
    for message in load_team(NCAR):
        threads.setdefault(f"{message.said.channel} {message.said.root}", []).append(message.said)
    people = frozenset(said.user for messages in threads.values() for said in messages)
    for messages in threads.values():
        if messages[0].ts in phrases:
            thread = Conversation(messages=tuple(messages[:_MOST_MESSAGES]), named=people)
            rated.append(Rated.of(NCAR, [thread], phrases[messages[0].ts]))
    return rated


def fit_titles(rated: Sequence[Rated]) -> Mapping[str, float]:
    """Return the weight of each feature."""
    inputs = np.vstack([each.features - each.features.mean(0) for each in rated])
    wanted = np.concatenate([each.wanted - each.wanted.mean() for each in rated])
    counts = np.concatenate(
        [np.full(len(each.texts), min(1.0, _MOST_PHRASES / len(each.texts))) for each in rated]
    )
    spread = np.sqrt((counts[:, None] * inputs**2).sum(0) / counts.sum())
    spread = np.maximum(spread, _LEAST_SPREAD)
    inputs /= spread
    prior = np.array([_PRIOR.get(name, 0.0) for name in rated[0].names])
    counted = inputs.T * counts
    normal = counted @ inputs + _RIDGE * np.eye(inputs.shape[1])
    change = np.linalg.solve(normal, counted @ (wanted - inputs @ prior))
    weights = ((prior + change) / spread).round(5)
    return dict(zip(rated[0].names, map(float, weights), strict=True))


def main() -> None:
    """Print how good the titles of each team are while it is left out, and write the weights."""
    rated = rate_all()
    for team in (*OPS_TEAMS, NCAR):
        weights = fit_titles([each for each in rated if each.team != team])
        grades = [each.grade(weights) for each in rated if each.team == team]
        good = np.mean([grade >= GOOD for grade in grades])
        print(f"{team:7} good {good:.2f}, mean grade {np.mean(grades):.2f}")
    path = Path(titles.__file__).with_name(WEIGHTS)
    path.write_text(json.dumps(fit_titles(rated), indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
