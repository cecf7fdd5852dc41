"""Walks one part and says what came of it, whatever it meets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.endurance.walk.stage import RUN, ActionRefusedError, Walk, staged
from tests.endurance.walk.told import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What people do; `command` starts the bot, and `sandbox` says more to that."""

    play: Callable[[Walk], None]
    command: Sequence[str] = RUN
    sandbox: Sequence[str] = ()


@dataclass
class Walked:
    """How many things were seen, what the bot was told, and what was not as it should be."""

    seen: int = 0
    told: Told = field(default_factory=Told)
    faults: list[str] = field(default_factory=list)


def walked(part: Part, mode: str, url: str, folder: Path) -> Walked:
    """Walk it on a database without tables."""
    found = Walked()
    try:
        with staged(mode, url, folder, command=part.command, sandbox=part.sandbox) as walk:
            try:
                part.play(walk)
            finally:
                found.seen = len(walk.seen)
                found.told = Told.by(walk.driver.deliveries())
    except (AssertionError, ActionRefusedError, TimeoutError) as error:
        found.faults.append(f"{type(error).__name__} after {found.seen}: {error}")
    return found
