"""Long runs of blanks in a text: the time of many patterns grows with their square."""

import re
from typing import Final

_RUN: Final = re.compile(r"\s{3,}")


def shorten_blanks(text: str) -> str:
    """Return a text with a line break or a space in place of each long run of blanks."""
    return _RUN.sub(lambda run: "\n" if "\n" in run[0] else " ", text)
