"""Walks one part and reports its result, whatever happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.endurance.walk.coverage import Coverage
from tests.endurance.walk.stage import RUN, ActionRefusedError, Walk, staged


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part: the acts of people. `command` starts the bot, and `sandbox` adds options to it."""

    play: Callable[[Walk], None]
    command: Sequence[str] = RUN
    sandbox: Sequence[str] = ()


@dataclass
class Result:
    """The number of things seen, the deliveries to the bot, and the faults."""

    seen: int = 0
    coverage: Coverage = field(default_factory=Coverage)
    faults: list[str] = field(default_factory=list)


def play_part(part: Part, mode: str, url: str, folder: Path) -> Result:
    """Walk the part on a database without tables."""
    found = Result()
    try:
        with staged(mode, url, folder, command=part.command, sandbox=part.sandbox) as walk:
            try:
                part.play(walk)
            finally:
                found.seen = len(walk.seen)
                found.coverage = Coverage.of(walk.driver.deliveries())
    except (AssertionError, ActionRefusedError, TimeoutError) as error:
        found.faults.append(f"{type(error).__name__} after {found.seen}: {error}")
    return found
