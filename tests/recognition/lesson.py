"""All labeled messages with their columns, and models that leave a team out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tests.recognition.fitting import RECIPES, Flags, Floats, build_matrix, fit, weigh
from tests.recognition.labeled import (
    ADDED_TEAMS,
    INVENTED,
    NCAR,
    OPS_TEAMS,
    RUST,
    Labeled,
    load_team,
)
from tests.recognition.targets import find_targets

ORDINARY: Final = 4000  # messages of ordinary talk that are taken from the Rust chat


@dataclass(frozen=True)
class Lesson:
    """The messages to learn from, with their columns and teams."""

    messages: Sequence[Labeled]
    inputs: csr_matrix
    teams: NDArray[np.str_]

    @classmethod
    def prepare(cls, rust: Path | None) -> Self:
        """Read the labeled messages of all teams."""
        teams = (*OPS_TEAMS, *ADDED_TEAMS, NCAR, INVENTED)
        messages = [message for team in teams for message in load_team(team) if message.labels]
        if rust:
            messages += _choose(load_team(RUST, rust))
        return cls(
            messages, build_matrix(messages), np.array([message.team for message in messages])
        )

    def find_targets(self, line: str) -> tuple[Flags, Floats]:
        """Return for each message whether the line holds, and how much that counts."""
        targets = find_targets(line, self.messages)
        holds = np.array([target.holds for target in targets])
        return holds, np.array([target.counts for target in targets])

    def fit(self, line: str, without: str = "") -> Floats:
        """Return the weights of a line, trained without a team."""
        holds, known = self.find_targets(line)
        known = known * (self.teams != without)
        counts = [known * weigh(self.messages, recipe) for recipe in RECIPES]
        return fit(line, self.inputs, holds, counts)

    def leave_out(self, line: str) -> Floats:
        """Return the log odds of each message from a model that never saw its team."""
        odds = np.zeros(len(self.messages))
        for team in dict.fromkeys(self.teams):
            rows = self.teams == team
            odds[rows] = self.inputs[rows] @ self.fit(line, without=team)
        return odds


def _choose(messages: Sequence[Labeled]) -> list[Labeled]:
    """Return the messages labeled by hand, and a sample of ordinary talk."""
    trusted = [message for message in messages if message.is_trusted]
    ordinary = [m for m in messages if not m.is_trusted and m.labels == {"none"}]
    ordinary.sort(key=lambda message: crc32(message.said.text.encode()))
    return trusted + ordinary[:ORDINARY]
