"""The linear models of listening; their weights are in `models.json`, one object a model.

`python -m tests.recognition.train_listening` trains them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import tanh
from operator import mul
from typing import Any, Final, Self

MODELS: Final = "models.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModel:
    """A logistic regression: a weight for each feature, in the order of `features`."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    offset: float

    def probability(self, columns: Iterable[float]) -> float:
        """Return the probability for the values of the features."""
        # The logistic function, in the form that no odds are too large for.
        return (1 + tanh((self.offset + sum(map(mul, self.weights, columns))) / 2)) / 2

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Self:
        """Read a model from an object of `models.json`."""
        weights = raw["weights"]
        return cls(features=tuple(weights), weights=tuple(weights.values()), offset=raw["offset"])


Models = Mapping[str, LinearModel]


@cache
def shipped_models() -> Models:
    """Return the models that the package carries, read once."""
    return parse_models(files(__package__).joinpath(MODELS).read_text(encoding="utf-8"))


def parse_models(text: str) -> Models:
    """Read models from the text of `models.json`."""
    return {name: LinearModel.parse(model) for name, model in json.loads(text).items()}
