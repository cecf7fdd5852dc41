"""Evaluate the recognizer on our own messages: `python -m tests.recognition.evaluate [FILE]`.

Prints for each act the precision, recall and F1 of `recognise`, the precision of scores of at least
0.5, and the time per message. An answer is right if it is the message's label or one of the acts in
`also`. FILE is another labeled file in the same format.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from bot.domain.recognition import Recognition, SpeechAct, floor, recognise

MESSAGES: Final = Path(__file__).with_name("messages.jsonl")
SURE: Final = 0.5
ROUNDS: Final = 20


@dataclass(frozen=True)
class Message:
    """One labeled message; its label is the first of `acts`."""

    text: str
    acts: tuple[SpeechAct, ...]


@dataclass(frozen=True)
class Figures:
    """How well one act is recognized. `sure` is the precision of scores of at least 0.5."""

    precision: float
    recall: float
    sure: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read(path: Path) -> list[Message]:
    """Return the labeled messages of a file with one JSON object per line."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Message(row["text"], (SpeechAct(row["label"]), *map(SpeechAct, row.get("also") or ())))
        for row in rows
    ]


def share(right: int, of: int) -> float:
    """Return `right` as a share of `of`, or 0 if `of` is 0."""
    return right / of if of else 0.0


def figures(act: SpeechAct, messages: Sequence[Message], seen: Sequence[Recognition]) -> Figures:
    """Return how well `act` was recognized."""
    found = [(m, s) for m, s in zip(messages, seen, strict=True) if s.act is act]
    sure = [(m, s) for m, s in found if s.score >= SURE]
    due = [s for m, s in zip(messages, seen, strict=True) if m.acts[0] is act]
    return Figures(
        precision=share(sum(act in m.acts for m, _ in found), len(found)),
        recall=share(sum(s.act is act for s in due), len(due)),
        sure=share(sum(act in m.acts for m, _ in sure), len(sure)),
    )


def microseconds(messages: Sequence[Message]) -> float:
    """Return the mean time of one message in the best of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = perf_counter()
        for message in messages:
            recognise(message.text)
        rounds.append((perf_counter() - start) / len(messages))
    return min(rounds) * 1e6


def main(path: Path) -> None:
    """Print the figures of a labeled file."""
    messages = read(path)
    seen = [recognise(message.text) for message in messages]
    lines = [f"{'':11} {'precision':>9} {'recall':>7} {'F1':>5} {'floor':>6} {'sure':>5}"]
    for act in SpeechAct:
        of = figures(act, messages, seen)
        lines.append(
            f"{act:11} {of.precision:9.2f} {of.recall:7.2f} {of.f1:5.2f}"
            f" {floor(act):6.2f} {of.sure:5.2f}"
        )
    asked = [(m, s) for m, s in zip(messages, seen, strict=True) if s.act is not SpeechAct.NONE]
    right = share(sum(s.act in m.acts for m, s in asked), len(asked))
    lines.append(
        f"at the floors {len(asked)} of {len(messages)} messages, {right:.2f} of them right"
    )
    lines.append(f"{microseconds(messages):.0f} microseconds a message")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES)
