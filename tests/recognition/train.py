"""Train the recognizer's weights: `python -m tests.recognition.train LABELLED.jsonl`.

Each line of the file is a JSON object with `text`, `label` and `thread`, and optionally:

- `also`: further labels that are right.
- `label_origin`: `hand` is trusted, `rule` with label `none` is a sample of ordinary talk, and
  other lines are left out.
- `weight`: how many messages of real talk it represents. With 0 or none, it only serves training.

Needs the `train` extra. Writes weights.bin and prints figures.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# SciPy has no types, and only training needs it.
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped] # as above

from bot.domain import recognition
from bot.domain.recognition.cues import CUES
from bot.domain.recognition.features import COLUMNS, CUES_AT, RUNS_AT, features
from bot.domain.recognition.model import WEIGHTS, Line, Model, signature
from bot.domain.recognition.speech_acts import ACTS, SpeechAct
from tests.recognition.evaluate import SURE
from tests.recognition.priors import PRIORS

ORDINARY: Final = 8000
FOLDS: Final = 5
# How strongly a cue is held to its prior, and a run of words to zero.
HOLD_CUES: Final = 2.0
HOLD_RUNS: Final = 10.0
USUAL: Final = -4.0  # log odds of an act before anything is seen

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """One labeled message."""

    text: str
    labels: frozenset[str]
    thread: str
    weight: float


def read(path: Path) -> list[Sample]:
    """Return the trusted samples of a labeled file, then some ordinary talk."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text().splitlines()]
    trusted = [row for row in rows if row.get("label_origin", "hand") == "hand"]
    ordinary = [row for row in rows if row.get("label_origin") == "rule" and row["label"] == "none"]
    ordinary.sort(key=lambda row: crc32(row["text"].encode()))
    return [
        Sample(
            row["text"],
            frozenset([row["label"], *(row.get("also") or [])]),
            row["thread"],
            float(row.get("weight") or 0),
        )
        for row in trusted + ordinary[:ORDINARY]
    ]


def matrix(samples: Sequence[Sample]) -> csr_matrix:
    """Return a sparse matrix with a row per sample; its last column is 1."""
    rows = [sorted(features(sample.text)) for sample in samples]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate(rows)
    shape = (len(rows), COLUMNS)
    inputs = csr_matrix((np.ones(len(columns)), columns, ends), shape=shape)
    return hstack([inputs, np.ones((len(rows), 1))]).tocsr()


def prior(strengths: Mapping[str, float]) -> Floats:
    """Return the weights that training starts from and is held to."""
    start = np.zeros(COLUMNS + 1)
    for column, cue in enumerate(CUES, CUES_AT):
        start[column] = strengths.get(cue, 0.0)
    start[-1] = USUAL
    return start


def fit(inputs: csr_matrix, true: Flags, start: Floats) -> Floats:
    """Return the weights that make the labels most likely without moving far from `start`."""
    sign = np.where(true, 1.0, -1.0)
    hold = np.full(COLUMNS + 1, HOLD_CUES)
    hold[RUNS_AT:COLUMNS] = HOLD_RUNS
    hold[-1] = 1e-3

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = sign * (inputs @ weights)
        away = weights - start
        slope = inputs.T @ (-sign / (1 + np.exp(np.clip(margin, -50, 50)))) + hold * away
        return float(np.logaddexp(0, -margin).sum() + (hold * away * away).sum() / 2), slope

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def held_out(inputs: csr_matrix, true: Flags, start: Floats, samples: Sequence[Sample]) -> Floats:
    """Return the log odds of each sample from a model that wasn't trained on its thread."""
    folds = np.array([crc32(sample.thread.encode()) % FOLDS for sample in samples])
    odds = np.zeros(len(samples))
    for fold in range(FOLDS):
        odds[folds == fold] = inputs[folds == fold] @ fit(
            inputs[folds != fold], true[folds != fold], start
        )
    return odds


def calibrate(odds: Floats, true: Flags, weight: Floats) -> tuple[float, float]:
    """Return the factor and offset that calibrate log odds to real talk (Platt scaling)."""
    sign = np.where(true, 1.0, -1.0)
    share = weight * len(weight) / weight.sum()

    def loss(line: Floats) -> float:
        away = (line[0] - 1) ** 2
        return float((share * np.logaddexp(0, -sign * (line[0] * odds + line[1]))).sum() + away)

    factor, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(factor), float(offset)


def report(act: SpeechAct, score: Floats, true: Flags, weight: Floats) -> None:
    """Print the average precision, the best F1 with its score, and the precision at two rates."""
    order = np.argsort(-score, kind="stable")
    right, all_ = np.cumsum((weight * true)[order]), np.cumsum(weight[order])
    gains = (weight * true)[order]
    average = (right / all_ * gains).sum() / gains.sum()
    f1 = 2 * right / (all_ + gains.sum())
    best = int(np.argmax(f1))
    at = {rate: max(int((all_ <= rate * all_[-1]).sum()) - 1, 0) for rate in (0.01, 0.0033)}
    bars = "".join(
        f"  at {bar:.2f}: P {(weight * true)[over].sum() / max(weight[over].sum(), 1):.2f}"
        f" R {(weight * true)[over].sum() / gains.sum():.2f}"
        f" of {weight[over].sum() / weight.sum():.2%}"
        for bar, over in ((bar, score >= bar) for bar in (recognition.floor(act), SURE))
    )
    sys.stdout.write(
        f"{act:11} AP {average:.2f}  F1 {f1[best]:.2f} at {score[order][best]:.2f}"
        f"  P@1% {(right / all_)[at[0.01]]:.2f}  P@0.33% {(right / all_)[at[0.0033]]:.2f}{bars}\n"
    )


def report_first(scores: Floats, truths: Flags, weight: Floats) -> None:
    """Print how often the most likely act is right if all acts share one ranking."""
    best = scores.argmax(axis=0)
    columns = np.arange(len(best))
    order = np.argsort(-scores[best, columns], kind="stable")
    right = np.cumsum((weight * truths[best, columns])[order])
    all_ = np.cumsum(weight[order])
    for rate in (0.003, 0.01, 0.03):
        last = max(int((all_ <= rate * all_[-1]).sum()) - 1, 0)
        sys.stdout.write(f"one message in {1 / rate:.0f}: {right[last] / all_[last]:.2f} right\n")


def train(path: Path) -> Model:
    """Return a model trained on the file, and print figures of threads it wasn't trained on."""
    samples = read(path)
    inputs = matrix(samples)
    weight = np.array([sample.weight for sample in samples])
    counted = weight > 0
    lines, scores, truths = [], [], []
    for act in ACTS:
        true = np.array([act.value in sample.labels for sample in samples])
        start = prior(PRIORS[act])
        odds = held_out(inputs, true, start, samples)[counted]
        factor, offset = calibrate(odds, true[counted], weight[counted])
        score = 1 / (1 + np.exp(-(factor * odds + offset)))
        report(act, score, true[counted], weight[counted])
        scores.append(score)
        truths.append(true[counted])
        weights = fit(inputs, true, start) * factor
        lines.append(Line.of(weights[:-1].tolist(), float(weights[-1]) + offset))
    report_first(np.array(scores), np.array(truths), weight[counted])
    return Model(signature(), tuple(lines))


if __name__ == "__main__":
    shipped = Path(recognition.__file__).with_name(WEIGHTS)
    shipped.write_bytes(train(Path(sys.argv[1])).to_bytes())
