"""The parts of an export that couldn't be read, by file."""

from dataclasses import dataclass, field
from typing import Final

# More would fill a screen, and the memory if every record of a large export is wrong.
_SHOWN: Final = 200


@dataclass(slots=True)
class Faults:
    """Files and records that were skipped, each with the reason. `total` counts all of them."""

    total: int = 0
    shown: list[str] = field(default_factory=list)

    def add(self, file: str, why: str) -> None:
        """Add a fault; beyond the first 200 it's only counted."""
        self.total += 1
        if len(self.shown) < _SHOWN:
            self.shown.append(f"{file}: {why}")
