"""The results as lines of JSON, which other programs read: docs/listen.md describes them."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import Final, TextIO

from bot.cli.listen.heard import Ear, Matter, Verdict
from bot.domain.errors import InvalidInputError
from bot.usecases.steps.secrets import mask

_DIGITS: Final = 4  # of a score


def check_folder(path: Path) -> None:
    """Check that a file can be written at a path, before hours of reading.

    Raises:
        InvalidInputError: there is no such folder, or it can't be written to.
    """
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InvalidInputError(f"{path} can't be written: {path.parent} isn't a folder of yours.")
    if path.is_dir():
        raise InvalidInputError(f"{path} is a folder. Name a file.")


@contextmanager
def written(path: Path) -> Iterator[TextIO]:
    """Open a file that replaces the one at the path once all of it is written.

    Only its owner can read it, because it quotes what people wrote.
    """
    handle, name = mkstemp(dir=path.parent, prefix=".opslore-")
    try:
        # Half of a surrogate pair can't be encoded. The escape is valid JSON.
        with os.fdopen(
            handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n"
        ) as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def message_line(verdict: Verdict) -> dict[str, object]:
    """Return the object of one message."""
    prompt = verdict.prompt
    return {
        "channel": verdict.channel,
        "ts": verdict.ts,
        "act": verdict.act.value,
        "score": round(verdict.score, _DIGITS),
        "scores": {act.value: round(score, _DIGITS) for act, score in verdict.scores.items()},
        "gap": verdict.gap,
        "covered_by": verdict.covered_by,
        "prompt": prompt
        and {"to": prompt.to, "kind": prompt.kind.value, "entry": prompt.entry, "gap": prompt.gap},
    }


def matter_line(matter: Matter) -> dict[str, object]:
    """Return the object of one matter, with the secrets in its texts masked."""
    draft = matter.write()
    return {
        "gap_summary": matter.number,
        "title": mask(draft.title),
        "threads": [list(thread) for thread in matter.threads],
        "answerer": matter.answerer,
        "draft": {
            "title": mask(draft.title),
            "trigger": mask(draft.trigger),
            "rule": mask(draft.rule),
            "owner": draft.owner,
        },
    }


def search_line(ear: Ear, query: str) -> dict[str, object]:
    """Return the object of one search; without results if the search abstains."""
    return {
        "q": query,
        "results": [
            {"key": found.key, "score": round(found.score, _DIGITS)} for found in ear.search(query)
        ],
    }


def write_lines(file: TextIO, lines: Iterable[Mapping[str, object]]) -> None:
    """Write an object a line."""
    file.writelines(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
    )
