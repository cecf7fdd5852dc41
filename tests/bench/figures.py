"""One figure of a benchmark, its goal and the line that is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

# Units of figures that get worse when the machine is slow.
_TIMES: Final = ("ms", "s")


@dataclass(frozen=True)
class Figure:
    """One measured value. Its `goal` is a ceiling, or a floor if `floor` is set."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    floor: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the goal is met; a figure without a goal always meets it."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.floor else self.value <= self.goal

    @property
    def fails(self) -> bool:
        """Whether the code missed its goal; a missed time can be the machine's fault."""
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
    """Return the value below which this share of the values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def spread(ratios: Sequence[float]) -> str:
    """Return the range of the rounds, which shows how noisy the machine was."""
    return f"rounds {min(ratios):.2f} to {max(ratios):.2f}, median {median(ratios):.2f}"
