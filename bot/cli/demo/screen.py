"""What the demo says on the terminal."""

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
    """A terminal, or a file: without a terminal there is no colour and no line is redrawn."""

    def __init__(self) -> None:
        self._tty = sys.stdout.isatty()
        self._colour = self._tty and "NO_COLOR" not in os.environ
        self.width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)

    def title(self, words: str) -> None:
        """A heading, with a blank line before and after it."""
        self.say("")
        self.say(_BOLD.format(words) if self._colour else words)
        self.say("")

    def say(self, words: str, *, dim: bool = False) -> None:
        """One line as it is."""
        print(_DIM.format(words) if dim and self._colour else words, flush=True)

    def explain(self, words: str) -> None:
        """A paragraph, wrapped."""
        self.say(textwrap.fill(words, self.width))

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[Callable[[str], None]]:
        """Show what is being done, then that it is `done` and how long it took.

        Yields a function that tells how far it is, in the same line.
        """
        begun = time.monotonic()

        def progress(how_far: str) -> None:
            if self._tty:
                print(f"{_CLEAR}  … {doing} {how_far}".rstrip(), end="", flush=True)

        progress("")
        try:
            yield progress
        finally:
            if self._tty:
                print(_CLEAR, end="", flush=True)
        self.say(f"  ✓ {done:<72} {time.monotonic() - begun:5.1f} s")

    def quote(self, message: Message, name: str, link: str) -> None:
        """What a message begins with, and below it where it is."""
        at = datetime.fromtimestamp(float(message.ts)).astimezone()
        begin = f"  {at:%b} {at.day:>2}  {name:<8}"
        for line in textwrap.wrap(
            message.words(),
            self.width,
            initial_indent=begin,
            subsequent_indent=" " * len(begin),
            max_lines=_QUOTED,
            placeholder=" …",
        ):
            self.say(line)
        self.say(" " * len(begin) + link, dim=True)

    def draw(self, message: Message, names: Callable[[str], str], indent: str = "") -> None:
        """A message of Slack's, as its readers see it: a link by its label, live on a terminal."""
        drawn = draw(
            message.raw,
            width=self.width - len(indent),
            names=names,
            colour=self._colour,
            hyperlinks=True,
        )
        shown = drawn if self._tty else _HYPERLINK.sub("", drawn)
        self.say("\n".join((indent + line).rstrip() for line in shown.splitlines()))
