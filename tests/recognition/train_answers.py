"""Train the weights that choose answers: `python -m tests.recognition.train_answers [RUST.jsonl]`.

A logistic regression on whether a message is the answer of its thread. It learns from the matters
of ops-chat, where the answers are labeled, and from answers of NCAR that one reader judged
(`data/answers.json`): those that an earlier version had chosen. All messages are read by models
that never saw their team. `tests.recognition.drafts` measures the result. Writes
answer_weights.json.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bot.domain.listening import answers
from bot.domain.listening.answer_features import features_of
from bot.domain.listening.answers import WEIGHTS
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.recognition import Reading
from tests.recognition.labeled import NCAR, OPS_TEAMS, load_team
from tests.recognition.matters import DATA, load_matters
from tests.recognition.readings import read_left_out, train_recognizers

_C: Final = 0.05  # how strongly weights are held to zero; chosen on the operations teams
# Few answers of real chat were judged, so each counts more.
_REAL: Final = 3.0
_MOST_MESSAGES: Final = 60  # of a thread, as the listener keeps them


@dataclass(frozen=True)
class JudgedAnswers:
    """The messages of a team with their features, and how good an answer each is, 0 to 1."""

    names: Sequence[str]
    features: NDArray[np.float64]
    grades: NDArray[np.float64]
    weight: float


def judge_team(team: str, readings: Mapping[str, Reading]) -> JudgedAnswers:
    """Return the judged messages of a team."""
    rows = list(_judge_ncar(readings) if team == NCAR else _judge_matters(team, readings))
    return JudgedAnswers(
        names=list(rows[0][0]),
        features=np.array([list(features.values()) for features, _ in rows]),
        grades=np.array([grade for _, grade in rows]),
        weight=_REAL if team == NCAR else 1.0,
    )


def _judge_matters(
    team: str, readings: Mapping[str, Reading]
) -> Iterator[tuple[dict[str, float], float]]:
    for matter in load_matters(team):
        for conversation in matter.conversations:
            read = [readings[said.ts] for said in conversation.messages]
            for at, said in enumerate(conversation.messages):
                yield features_of(conversation, read, at), float(said.ts in matter.rules)


def _judge_ncar(readings: Mapping[str, Reading]) -> Iterator[tuple[dict[str, float], float]]:
    grades = json.loads((DATA / "answers.json").read_text("utf-8"))
    threads: dict[tuple[str, str], list[Said]] = {}
    for message in load_team(NCAR):
        threads.setdefault((message.said.channel, message.said.root), []).append(message.said)
    for whole in threads.values():
        messages = whole[:_MOST_MESSAGES]
        read = [readings[said.ts] for said in messages]
        for at, said in enumerate(messages):
            if said.ts in grades:
                conversation = Conversation(messages=tuple(messages))
                yield features_of(conversation, read, at), float(grades[said.ts])


def fit_answers(judged: Iterable[JudgedAnswers]) -> dict[str, float]:
    """Return the weight of each feature, and the offset."""
    teams = list(judged)
    inputs = np.vstack([team.features for team in teams])
    grades = np.concatenate([team.grades for team in teams])
    counts = np.concatenate([np.full(len(team.grades), team.weight) for team in teams])
    scaler = StandardScaler().fit(inputs)
    # A fair answer counts half as one and half as none.
    rows = np.vstack([scaler.transform(inputs)] * 2)
    model = LogisticRegression(C=_C, max_iter=2000).fit(
        rows,
        np.repeat([1, 0], len(grades)),
        np.concatenate([grades * counts, (1 - grades) * counts]) + 1e-12,
    )
    weights = model.coef_[0] / scaler.scale_
    offset = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    named = dict(zip(teams[0].names, map(float, weights), strict=True))
    return {name: round(value, 5) for name, value in {"offset": offset, **named}.items()}


def main(rust: Path | None) -> None:
    """Write the weights."""
    readings = read_left_out(train_recognizers(rust))
    weights = fit_answers(judge_team(team, readings) for team in (*OPS_TEAMS, NCAR))
    path = Path(answers.__file__).with_name(WEIGHTS)
    path.write_text(json.dumps(weights, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
