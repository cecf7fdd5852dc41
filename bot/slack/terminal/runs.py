"""Styled text on a terminal: its width, its wrapping and its escape codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Literal, TypeAlias

from bot.slack.text.clipping import continues

Style: TypeAlias = Literal[
    "bold", "dim", "italic", "strike", "code", "link", "mention", "primary", "danger"
]

_CODES: Final[dict[Style, str]] = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "strike": "9",
    "code": "36",
    "link": "4;34",
    "mention": "35",
    "primary": "1;32",
    "danger": "31",
}
# Control codes and overrides of the writing direction could change or disguise the text around
# them. Word joiners only matter to Slack.
_UNSAFE: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2060\u202a-\u202e\u2066-\u2069\ufeff]")
_ZERO_WIDTH_JOINER: Final = "\u200d"
_EMOJI_SELECTOR: Final = "\ufe0f"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Text in some styles; a link if it has a `url`."""

    text: str
    styles: frozenset[Style] = frozenset()
    url: str = ""

    def styled(self, *styles: Style) -> Run:
        """Return the run with further styles."""
        return replace(self, styles=self.styles | set(styles))


Line: TypeAlias = Sequence[Run]


def clean(text: str) -> str:
    """Return the text without control characters, with spaces for tabs."""
    return _UNSAFE.sub("", text.replace("\t", " "))


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes.

    East Asian wide characters and emoji take two columns, combining marks none. An emoji made of
    several code points (joiners, selectors, skin tones) takes two.
    """
    total = 0
    for running in _running(text, 0):
        total = running
    return total


def _running(text: str, start: int) -> Iterator[int]:
    """Yield the columns from `start` up to and including each character."""
    total = last = 0
    joined = False
    for at in range(start, len(text)):
        character = text[at]
        width = 0 if joined else _width(character)
        if character == _EMOJI_SELECTOR and last == 1:
            width = 1
        joined = character == _ZERO_WIDTH_JOINER
        last = width or last
        total += width
        yield total


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    if ord(character) in _SKIN_TONES:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def length(line: Line) -> int:
    """Return how many columns the line takes."""
    return sum(columns(run.text) for run in line)


def wrap(line: Line, width: int, hang: str = "") -> list[Line]:
    """Break a line between words, or between CJK characters, so that it fits `width` columns.

    Lines after the first begin with `hang`. A word that is longer than a line is broken, except a
    web address, which has to stay complete to work.
    """
    text = "".join(run.text for run in line)
    spans = _spans(text, width, width - columns(hang))
    first, *rest = [_cut(line, start, stop) for start, stop in spans]
    styles = line[0].styles if hang.strip() else frozenset[Style]()
    return [first, *([Run(text=hang, styles=styles), *runs] if hang else runs for runs in rest)]


_CJK: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNIT: Final = re.compile(
    r"(?P<address>\S*?https?://\S+)"
    rf"|[{_CJK}][\u3001\u3002\uff01-\uff1f\u300d\u300f]*"  # with the stops that close it
    rf"|[^\s{_CJK}]+"
)


def _spans(text: str, first: int, later: int) -> Iterator[tuple[int, int]]:
    """Yield where each line starts and stops; `first` and `later` are their columns."""
    start = stop = 0
    fit = _fitting(text, start, first)
    for unit in _UNIT.finditer(text):
        if stop > start and fit < unit.end():
            yield start, stop
            start = unit.start()
            fit = _fitting(text, start, later)
        while fit < unit.end() and not unit["address"]:
            yield start, fit
            start = fit
            fit = _fitting(text, start, later)
        stop = unit.end()
    yield start, stop


def _fitting(text: str, start: int, room: int) -> int:
    """Return the end of the text that fits in `room`; one character always fits."""
    fit = start
    for at, taken in enumerate(_running(text, start), start):
        if at > start and not continues(text, at):
            fit = at
        if taken > room and fit > start:
            return fit
    return len(text)


def _cut(line: Line, start: int, stop: int) -> list[Run]:
    runs = []
    at = 0
    for run in line:
        text = run.text[max(start - at, 0) : max(stop - at, 0)]
        if text:
            runs.append(replace(run, text=text))
        at += len(run.text)
    return runs


def paint(line: Line, *, colour: bool, hyperlinks: bool) -> str:
    """Return the line with ECMA-48 colours and OSC 8 links, if they are wanted."""
    painted = []
    for (styles, url), runs in groupby(line, key=lambda run: (run.styles, run.url)):
        text = "".join(run.text for run in runs)
        if colour and styles and text.strip():
            text = f"\x1b[{';'.join(sorted(_CODES[style] for style in styles))}m{text}\x1b[0m"
        if hyperlinks and url:
            text = f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"
        painted.append(text)
    return "".join(painted).rstrip()
