"""Redaction: finding a text in everything that is stored, and replacing it with a mark."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from bot.domain.errors import InvalidInputError
from bot.domain.field_values import clean
from bot.domain.kinds import FIELDS, Shape

MARK: Final = "[redacted]"
# A shorter text would occur in every other word.
FEWEST: Final = 4
_CUT: Final = "…"
_CHOSEN: Final = frozenset({Shape.USER, Shape.ENTRY, Shape.CHOICE, Shape.MINUTES, Shape.DAYS})
# Under these names, JSON holds an ID, a time, a hash or a choice, never text that people wrote.
_IDS: Final = frozenset(
    {field.name for fields in FIELDS.values() for field in fields if field.shape in _CHOSEN}
    | {"whom", "kind", "act", "change", "state", "key", "cited", "links", "permalink", "author"}
    | {"channel", "user", "ts", "thread_ts", "first", "last", "due", "filled", "overtaken"}
)


class Redaction:
    """One text to redact.

    It matches with any spaces and line ends between its words, inside longer words, and in an
    excerpt that was cut in the middle of it.
    """

    def __init__(self, text: str) -> None:
        """Read the text that a person typed.

        Raises:
            InvalidInputError: the text is too short.
        """
        self._line = " ".join(clean(text).split())
        if len(self._line) < FEWEST:
            reason = (
                f"Enter at least {FEWEST} characters; "
                "shorter text would match parts of other words."
            )
            raise InvalidInputError(reason, {"text": reason})
        # An old revision may hold invisible characters, and so may text that is read from a file.
        lines = (self._line, " ".join(text.split()))
        # Depending on the keyboard, an accented letter is one character or two.
        forms = (unicodedata.normalize(form, line) for line in lines for form in ("NFC", "NFD"))
        self._lines = tuple(dict.fromkeys([*lines, *forms]))
        self._pattern = re.compile("|".join(map(_anywhere, self._lines)))
        self._tag = "-".join(self._line.lower().split())

    @property
    def needles(self) -> tuple[str, ...]:
        """Every stored text that contains it, uncut, contains one of these; for a first search."""
        longest = [max(line.split(), key=len) for line in self._lines]
        return tuple(dict.fromkeys([*longest, self._tag]))

    @property
    def beginnings(self) -> tuple[str, ...]:
        """Every excerpt that was cut in the middle of it contains one of these."""
        return tuple(dict.fromkeys(line[:FEWEST].split()[0] for line in self._lines))

    def holds(self, text: str) -> bool:
        """Return whether a text contains it."""
        return self.out_of(text) != text

    def out_of(self, text: str) -> str:
        """Return a text with a mark in each place where it occurred."""
        return MARK.join(self._out_of(part) for part in text.split(MARK))

    def out_of_json(self, value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON
        """Return the same JSON with a mark in each place where people's text contained it."""
        if name in _IDS:
            return value
        if isinstance(value, str):
            cleared = self.out_of(value)
            return cleared.replace(self._tag, MARK) if name == "tags" else cleared
        if isinstance(value, Mapping):
            return {key: self.out_of_json(part, key) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.out_of_json(part, name) for part in value]
        return value

    def _out_of(self, text: str) -> str:
        text = self._pattern.sub(MARK, text)
        return self._without_beginning(text) if text.endswith(_CUT) else text

    def _without_beginning(self, text: str) -> str:
        head = text.removesuffix(_CUT)
        for start in range(max(0, len(head) - 2 * len(self._line)), len(head) - FEWEST + 1):
            end = " ".join(head[start:].split())
            if head[start].isspace() or len(end) < FEWEST:
                continue
            if any(line.startswith(end) for line in self._lines):
                return f"{head[:start]}{MARK}{_CUT}"
        return text


def _anywhere(line: str) -> str:
    return r"\s+".join(map(re.escape, line.split(" ")))
