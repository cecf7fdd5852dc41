"""Train the weights of recognition: `python -m tests.recognition.train [RUST.jsonl]`.

Reads the labeled chat in tests/recognition/data. RUST.jsonl is more labeled chat in the same format
that we may not ship; it counts less (`fitting.RECIPES`). The shipped weights were trained with it.

Needs the `train` extra and takes a minute or two. Prints how well each line does on each team while
that team is left out, then writes weights.bin: the same bytes for the same files.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bot.domain import recognition
from bot.domain.recognition.model import LINES, WEIGHTS, Line, Model, signature
from tests.recognition.acts import measure_line, render_figures
from tests.recognition.fitting import Floats, calibrate
from tests.recognition.lesson import Lesson


def balance(lesson: Lesson) -> Floats:
    """Return how much each message counts if every team counts the same."""
    weights = np.array([message.weight for message in lesson.messages])
    for team in set(lesson.teams):
        rows = lesson.teams == team
        weights[rows] /= weights[rows].sum() or 1.0
    return weights


def train(lesson: Lesson, report: Callable[[str, Floats], None] | None = None) -> Model:
    """Return a model trained on all teams, calibrated on teams that it hadn't seen.

    `report`: gets each line's name and its log odds on each team while that team is left out.
    """
    lines, counts = [], balance(lesson)
    for name in LINES:
        holds, known = lesson.find_targets(name)
        odds = lesson.leave_out(name)
        if report is not None:
            report(name, odds)
        factor, offset = calibrate(odds, holds, counts * known)
        weights = lesson.fit(name) * factor
        lines.append(Line.of(weights[:-1].tolist(), float(weights[-1]) + offset))
    return Model(signature(), tuple(lines))


def main(rust: Path | None) -> None:
    """Train on all teams, print how well each line does, and write the shipped file."""
    lesson = Lesson.prepare(rust)

    def report(name: str, odds: Floats) -> None:
        sys.stdout.write(render_figures(measure_line(name, lesson, odds)))

    shipped = Path(recognition.__file__).with_name(WEIGHTS)
    shipped.write_bytes(train(lesson, report).to_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
