"""A figure, its goal, and how it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

# Units of what a slow hour of the machine makes worse.
_TIMES: Final = ("ms", "s")


@dataclass(frozen=True)
class Figure:
    """One measured value. `goal`: the value that it should reach, as a floor or a ceiling."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    floor: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached; a figure without one always is."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.floor else self.value <= self.goal

    @property
    def fails(self) -> bool:
        """Whether the code missed its goal. A time says as much of the machine, so it can't."""
        return not self.is_met and self.unit not in _TIMES

    def __str__(self) -> str:
        value = f"{self.value:,.2f}" if self.value < 100 else f"{self.value:,.0f}"
        line = f"{self.name:<58} {value:>9} {self.unit:<9}"
        if self.goal is None:
            return line
        bound = "at least" if self.floor else "at most"
        outcome = "met" if self.is_met else "MISSED" if self.fails else "missed on this machine"
        return f"{line} {bound} {self.goal:g}: {outcome}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def spread(ratios: Sequence[float]) -> str:
    """The ratios of the rounds, for a reader to see how noisy the machine was."""
    return f"rounds {min(ratios):.2f} to {max(ratios):.2f}, median {median(ratios):.2f}"
