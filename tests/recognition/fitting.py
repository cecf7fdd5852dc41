"""Fit the lines of the model to labeled messages. Needs the `train` extra."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from bot.domain.recognition.columns import columns
from bot.domain.recognition.cues import CUES
from bot.domain.recognition.features import CUES_AT, RUNS_AT
from bot.domain.recognition.layout import (
    COLUMNS,
    OPENING_AT,
    ROLES_AT,
    SIGNS_AT,
    SITUATIONS_AT,
    STEMS_AT,
)
from bot.domain.recognition.signs import SIGNS
from tests.recognition.labeled import ADDED_TEAMS, INVENTED, RUST, Labeled
from tests.recognition.priors import PRIORS

# How much an opening of the invented threads counts: too many of them are rules.
OPENING: Final = 0.2
# How much a message of the added teams counts: they are many, and fuller of acts than real chat.
ADDED: Final = 0.2
USUAL: Final = -3.0  # log odds before anything is seen
_FREE: Final = 1e-3

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Which columns each group has.
_GROUPS: Final[Mapping[str, tuple[int, int]]] = {
    "shape and cues": (0, RUNS_AT),
    "runs": (RUNS_AT, STEMS_AT),
    "stems": (STEMS_AT, SITUATIONS_AT),
    "situations": (SITUATIONS_AT, ROLES_AT),
    "roles": (ROLES_AT, OPENING_AT),
    "opening": (OPENING_AT, SIGNS_AT),
    "signs": (SIGNS_AT, COLUMNS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to fit: how strongly a group of columns is held to its start, groups left out aren't in.

    `hand` and `ordinary`: how much a message of the Rust chat counts that was labeled by hand, or
    that a rule took for ordinary talk. A message of another team counts 1.
    """

    holds: Mapping[str, float]
    hand: float
    ordinary: float


# Two models that err differently: one learns from the teams' words and places in the thread; one
# starts from what we expect of cues. The sum of their weights is better than either.
RECIPES: Final = (
    Recipe(
        holds={"stems": 7, "situations": 5, "roles": 7, "opening": 10, "signs": 3},
        hand=0.1,
        ordinary=0.03,
    ),
    Recipe(
        holds={
            "shape and cues": 2,
            "runs": 10,
            "stems": 10,
            "situations": 5,
            "roles": 5,
            "signs": 3,
        },
        hand=0.3,
        ordinary=0.1,
    ),
)


def build_matrix(messages: Sequence[Labeled]) -> csr_matrix:
    """Return a sparse matrix with a row per message; its last column is 1."""
    rows = [sorted(columns(message.said, message.before)) for message in messages]
    ends = np.cumsum([0, *map(len, rows)])
    shape = (len(rows), COLUMNS)
    inputs = csr_matrix((np.ones(ends[-1]), np.concatenate(rows), ends), shape=shape)
    return hstack([inputs, np.ones((len(rows), 1))]).tocsr()


def weigh(messages: Sequence[Labeled], recipe: Recipe) -> Floats:
    """Return how much each message counts in training."""
    return np.array([_weigh_message(message, recipe) for message in messages])


def _weigh_message(message: Labeled, recipe: Recipe) -> float:
    if message.team == RUST:
        return recipe.hand if message.is_trusted else recipe.ordinary
    if message.team == INVENTED and not message.before:
        return OPENING
    return ADDED if message.team in ADDED_TEAMS else 1.0


def _start(line: str) -> Floats:
    start = np.zeros(COLUMNS + 1)
    strengths = PRIORS.get(line, {})
    for column, cue in enumerate(CUES, CUES_AT):
        start[column] = strengths.get(cue, 0.0)
    for column, sign in enumerate(SIGNS, SIGNS_AT):
        start[column] = strengths.get(sign, 0.0)
    start[-1] = USUAL
    return start


def _hold(recipe: Recipe) -> Floats:
    hold = np.full(COLUMNS + 1, np.inf)
    for group, strength in recipe.holds.items():
        hold[slice(*_GROUPS[group])] = strength
    hold[-1] = _FREE
    return hold


def _minimize(
    inputs: csr_matrix, sign: Floats, counts: Floats, held: tuple[Floats, Floats]
) -> Floats:
    start, hold = held
    turned = inputs.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = sign * (inputs @ weights)
        away = weights - start
        slope = turned @ (-counts * sign / (1 + np.exp(np.clip(margin, -50, 50)))) + hold * away
        return float((counts * np.logaddexp(0, -margin)).sum() + (hold * away**2).sum() / 2), slope

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def fit(line: str, inputs: csr_matrix, holds: Flags, counts: Sequence[Floats]) -> Floats:
    """Return the weights of a line; the last is its offset. `counts`: per recipe, per message."""
    sign, start = np.where(holds, 1.0, -1.0), _start(line)
    total = np.zeros(COLUMNS + 1)
    for recipe, count in zip(RECIPES, counts, strict=True):
        hold = _hold(recipe)
        used, known = np.flatnonzero(np.isfinite(hold)), count > 0
        held = (start[used], hold[used])
        total[used] += _minimize(inputs[known][:, used], sign[known], count[known], held)
    return total / len(RECIPES)


def calibrate(odds: Floats, holds: Flags, counts: Floats) -> tuple[float, float]:
    """Return the factor and offset that turn log odds into those of real talk (Platt scaling)."""
    sign = np.where(holds, 1.0, -1.0)
    share = counts * len(counts) / counts.sum()

    def loss(line: Floats) -> float:
        away = (line[0] - 1) ** 2
        return float((share * np.logaddexp(0, -sign * (line[0] * odds + line[1]))).sum() + away)

    factor, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(factor), float(offset)
