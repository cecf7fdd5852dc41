"""Writing the demo's text to the terminal."""

import os
import re
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from bot.slack.terminal import draw
from sandbox.seen import Message

_WIDEST: Final = 100
_QUOTED: Final = 3
_DIM: Final = "\x1b[2m{}\x1b[0m"
_BOLD: Final = "\x1b[1m{}\x1b[0m"
_HYPERLINK: Final = re.compile(r"\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)")
_CLEAR: Final = "\r\x1b[K"


class Screen:
    """A terminal or a file. A file gets no colors and no lines that are redrawn."""

    def __init__(self) -> None:
        self._tty = sys.stdout.isatty()
        self._color = self._tty and "NO_COLOR" not in os.environ
        self.width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)

    def title(self, words: str) -> None:
        """Print a heading, with a blank line before and after it."""
        self.say("")
        self.say(_BOLD.format(words) if self._color else words)
        self.say("")

    def say(self, words: str, *, dim: bool = False) -> None:
        """Print one line as it is."""
        print(_DIM.format(words) if dim and self._color else words, flush=True)

    def explain(self, words: str) -> None:
        """Print a paragraph, wrapped."""
        self.say(textwrap.fill(words, self.width))

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[Callable[[str], None]]:
        """Show what is being done, then what was done and how long it took.

        Yields a function that shows the progress in the same line.
        """
        start = time.monotonic()

        def progress(how_far: str) -> None:
            if self._tty:
                print(f"{_CLEAR}  … {doing} {how_far}".rstrip(), end="", flush=True)

        progress("")
        try:
            yield progress
        finally:
            if self._tty:
                print(_CLEAR, end="", flush=True)
        self.say(f"  ✓ {done:<72} {time.monotonic() - start:5.1f} s")

    def quote(self, message: Message, name: str, link: str) -> None:
        """Print the first lines of a message, and its link below."""
        at = datetime.fromtimestamp(float(message.ts)).astimezone()
        prefix = f"  {at:%b} {at.day:>2}  {name:<8}"
        for line in textwrap.wrap(
            message.words(),
            self.width,
            initial_indent=prefix,
            subsequent_indent=" " * len(prefix),
            max_lines=_QUOTED,
            placeholder=" …",
        ):
            self.say(line)
        self.say(" " * len(prefix) + link, dim=True)

    def draw(self, message: Message, names: Callable[[str], str], indent: str = "") -> None:
        """Print a message as its readers see it in Slack; on a terminal its links work."""
        drawn = draw(
            message.raw,
            width=self.width - len(indent),
            names=names,
            colour=self._color,
            hyperlinks=True,
        )
        shown = drawn if self._tty else _HYPERLINK.sub("", drawn)
        self.say("\n".join((indent + line).rstrip() for line in shown.splitlines()))
