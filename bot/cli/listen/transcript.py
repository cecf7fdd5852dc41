"""The reading of each message, kept on the disk until its consequences are known."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import Final, TextIO

from bot.cli.listen.heard import Thread, Verdict
from bot.domain.listening.conversation import Said
from bot.domain.recognition import Reading, SpeechAct

_ACTS: Final = tuple(SpeechAct)
_DIGITS: Final = 4  # of a score


def _open() -> TextIO:
    return TemporaryFile("w+", encoding="utf-8")


@dataclass(slots=True)
class Transcript:
    """The readings of all messages, without their texts: a million take 100 MB of the disk."""

    _file: TextIO = field(default_factory=_open)

    def add(self, said: Said, reading: Reading) -> None:
        """Add a message."""
        scores = [round(reading.scores.get(act, 0.0), _DIGITS) for act in _ACTS]
        row = (
            said.channel,
            said.ts,
            said.root,
            reading.act.value,
            round(reading.score, _DIGITS),
            scores,
        )
        self._file.write(json.dumps(row) + "\n")

    def verdicts(self) -> Iterator[tuple[Thread, Verdict]]:
        """Yield each message with its thread, in the order in which they were added."""
        self._file.flush()
        self._file.seek(0)
        for row in self._file:
            channel, ts, root, act, score, scores = json.loads(row)
            named = zip(_ACTS, scores, strict=True)
            yield (
                (channel, root),
                Verdict(
                    channel=channel,
                    ts=ts,
                    act=SpeechAct(act),
                    score=score,
                    scores={one: value for one, value in named if one is not SpeechAct.NONE},
                ),
            )
