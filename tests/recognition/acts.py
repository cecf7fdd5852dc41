"""Measure how well messages are recognized on teams that were left out of training."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tests.recognition.fitting import Flags, Floats
from tests.recognition.labeled import ADDED_TEAMS, NCAR, OPS_TEAMS
from tests.recognition.lesson import Lesson

ACTS: Final = ("decision", "escalation", "handoff", "question")
_ROUNDS: Final = 300
_INTERVAL: Final = (5, 95)  # percentiles
_FALSE_ALARMS: Final = 0.01  # per message


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure of one line of the model on a team that was left out; `low` to `high` is 90 %."""

    line: str
    team: str
    measure: str
    value: float
    low: float
    high: float


def measure_acts(rust: Path | None = None) -> list[Figure]:
    """Return the average precision of each act on each team while it is left out.

    A message counts as right if the act is its label or in `also`. Messages of NCAR count by how
    many they represent. `rust`: more chat to train with.
    """
    lesson = Lesson.prepare(rust)
    return [
        figure for line in ACTS for figure in measure_line(line, lesson, lesson.leave_out(line))
    ]


def measure_line(line: str, lesson: Lesson, odds: Floats) -> list[Figure]:
    """Return the figures of one line for each team, from log odds of models without the team."""
    return list(_measure(line, lesson, odds))


def _measure(line: str, lesson: Lesson, odds: Floats) -> Iterator[Figure]:
    holds, known = lesson.find_targets(line)
    weight = np.array([message.weight for message in lesson.messages]) * (known > 0)
    for team in (*OPS_TEAMS, *ADDED_TEAMS, NCAR):
        rows = np.flatnonzero((lesson.teams == team) & (weight > 0))
        if not holds[rows].any():
            continue
        threads = [lesson.messages[row].thread for row in rows]
        drawn = list(_draw_threads(threads))
        for measure in (
            (average_precision, recall_of_rules) if line == "standing" else (average_precision,)
        ):
            values = [
                measure(odds[rows[some]], holds[rows[some]], weight[rows[some]])
                for some in drawn
                if holds[rows[some]].any()
            ]
            low, high = np.percentile(values, _INTERVAL)
            yield Figure(
                line=line,
                team=team,
                measure=measure.__name__,
                value=measure(odds[rows], holds[rows], weight[rows]),
                low=float(low),
                high=float(high),
            )


def _draw_threads(threads: Sequence[object]) -> Iterator[Flags]:
    """Return rows of as many threads, drawn with replacement, several times."""
    rows_by_thread: dict[object, list[int]] = {}
    for row, thread in enumerate(threads):
        rows_by_thread.setdefault(thread, []).append(row)
    groups = list(rows_by_thread.values())
    generator = np.random.default_rng(1)
    for _ in range(_ROUNDS):
        drawn = generator.integers(len(groups), size=len(groups))
        yield np.concatenate([groups[at] for at in drawn])


def average_precision(odds: Floats, holds: Flags, weight: Floats) -> float:
    """Return the mean precision at each message for which the line holds, by likelihood."""
    order = np.argsort(-odds, kind="stable")
    gains = (weight * holds)[order]
    precision = np.cumsum(gains) / np.cumsum(weight[order])
    return float((precision * gains).sum() / gains.sum())


def recall_of_rules(odds: Floats, holds: Flags, weight: Floats) -> float:
    """Return the share found with at most one false alarm per 100 messages."""
    allowed = int(_FALSE_ALARMS * len(odds))
    bar = np.sort(odds[~holds])[::-1][allowed]
    return float(weight[holds & (odds > bar)].sum() / weight[holds].sum())


def render_figures(figures: Iterable[Figure]) -> str:
    """Return a line of text per figure."""
    return "".join(
        f"{figure.line:10} {figure.measure:17} {figure.team:7} {figure.value:.2f}"
        f" [{figure.low:.2f}, {figure.high:.2f}]\n"
        for figure in figures
    )
