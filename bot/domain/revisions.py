"""A revision: the content of an entry at one time, which nothing ever changes."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.domain.errors import InvalidInputError
from bot.domain.kinds import (
    DEFAULT_REVIEW,
    FIELDS,
    MOST_LEVELS,
    MOST_TAGS,
    Field,
    Kind,
    Shape,
)

# JSON that a field may hold; which of these, its Shape says.
Value = str | int | list[str] | list[dict[str, Any]]

_URL: Final = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
# The id of a user or the key of an entry: chosen, never typed.
_NAME: Final = re.compile(r"[\w-]{1,32}", re.ASCII)
_LEVEL_TEXT: Final = 1000


class Change(StrEnum):
    """What a revision did to its entry."""

    RECORDED = "recorded"
    EDITED = "edited"
    OWNER = "owner"
    BACKUP = "backup"
    RETIRED = "retired"

    @property
    def words(self) -> str:
        """What was done, before "by ana"."""
        return f"{self.value} changed" if self in (Change.OWNER, Change.BACKUP) else self.value


@dataclass(frozen=True)
class Content:
    """What an entry says: the values of its kind's fields, empty ones left out.

    Made by `Content.of`, which normalises and refuses; equal contents compare equal.
    """

    kind: Kind
    values: Mapping[str, Value]

    @classmethod
    def of(cls, kind: Kind, typed: Mapping[str, object]) -> "Content":
        """The content of a form.

        `typed` maps field names to what was typed or chosen, in the shape of each field; unknown
        names are left out.

        Raises:
            InvalidInputError: with the reason for each field that can not be kept.
        """
        values: dict[str, Value] = {}
        refused: dict[str, str] = {}
        for field in FIELDS[kind]:
            try:
                value = _read(field, typed.get(field.name))
            except ValueError as reason:
                refused[field.name] = str(reason)
                continue
            if value:
                values[field.name] = value
            elif field.required:
                refused[field.name] = f"“{field.label}” can't be empty."
        if refused:
            raise InvalidInputError("Some fields can't be kept as they are.", refused)
        return cls(kind, values)

    @property
    def title(self) -> str:
        """The title; every content has one."""
        return str(self.values["title"])

    @property
    def owner(self) -> str:
        """The Slack user id of the owner; empty before one is set."""
        return str(self.values.get("owner", ""))

    @property
    def backup(self) -> str:
        """The Slack user id of who stands in for the owner; empty if nobody does."""
        return str(self.values.get("backup", ""))

    @property
    def review_every(self) -> timedelta:
        """The time between two certifications."""
        days = self.values.get("review_every")
        return timedelta(days=int(days)) if isinstance(days, int) else DEFAULT_REVIEW

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags, in the order typed."""
        tags = self.values.get("tags", [])
        return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()

    @property
    def thin(self) -> tuple[str, ...]:
        """The labels of the fields that a reader would miss, and that are still empty."""
        wanted = {
            Kind.DECISION: ("trigger", "rationale"),
            Kind.HANDOFF: ("from", "to", "trigger", "acknowledge_within"),
            Kind.ESCALATION: ("severity", "levels", "fallback"),
        }[self.kind]
        return tuple(
            field.label
            for field in FIELDS[self.kind]
            if field.name in wanted and field.name not in self.values
        )

    def text(self, name: str) -> str:
        """One field as plain text, lines joined; empty if it holds nothing."""
        value = self.values.get(name, "")
        if isinstance(value, list):
            return "\n".join(
                str(part.get("tell", "")) if isinstance(part, dict) else part for part in value
            )
        return str(value)

    def changed_with(self, **values: Value) -> "Content":
        """The same content with some fields set anew."""
        return Content.of(self.kind, {**self.values, **values})


@dataclass(frozen=True)
class Revision:
    """One immutable step in the life of an entry, numbered from 1."""

    number: int
    content: Content
    author: str
    at: datetime
    note: str
    change: Change


def changed_fields(old: Content, new: Content) -> tuple[Field, ...]:
    """The fields in which two contents of one kind differ, in the order of the form."""
    return tuple(
        field
        for field in FIELDS[new.kind]
        if old.values.get(field.name) != new.values.get(field.name)
    )


def clean(text: str) -> str:
    """What a person typed, without what no reader can see.

    NUL and other control characters but newline and tab go (PostgreSQL refuses NUL), line ends
    become one kind, and so do the lone halves of surrogate pairs, which no database takes.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")
    )
    return text.strip()


def blank(text: str) -> bool:
    """Whether nothing in it can be seen: only spaces, joiners and marks of direction."""
    return all(char.isspace() or unicodedata.category(char) in ("Cf", "Zs", "Mn") for char in text)


def _read(field: Field, typed: object) -> Value | None:
    """The value of one field; ValueError with the words for the person who typed it."""
    return None if typed is None or typed == "" else _READERS[field.shape](field, typed)


def _line(field: Field, typed: object) -> str | None:
    return _long(field, " ".join(clean(str(typed)).split()))


def _text(field: Field, typed: object) -> str | None:
    return _long(field, clean(str(typed)))


def _long(field: Field, text: str) -> str | None:
    if blank(text):
        return None
    if len(text) > field.limit:
        over = len(text) - field.limit
        raise ValueError(
            f"{len(text):,} characters; at most {field.limit:,} fit. Shorten it by {over:,}."
        )
    return text


def _url(field: Field, typed: object) -> str | None:
    text = clean(str(typed)).strip("<>")
    if not text:
        return None
    if not _URL.fullmatch(text):
        raise ValueError("This is not a web address; it should start with https://.")
    return _long(field, text)


def _lines(field: Field, typed: object) -> list[str]:
    joined = "\n".join(str(line) for line in typed) if isinstance(typed, list) else str(typed)
    text = _long(field, clean(joined)) or ""
    return [line.strip() for line in text.split("\n") if not blank(line)]


def _tags(field: Field, typed: object) -> list[str]:
    parts: Iterable[object] = typed if isinstance(typed, list) else str(typed).split(",")
    tags = [
        "-".join(clean(str(part)).lower().lstrip("#").split())
        for part in parts
        if not blank(clean(str(part)).lstrip("#"))
    ]
    tags = list(dict.fromkeys(tags))
    if len(tags) > MOST_TAGS:
        raise ValueError(f"{len(tags)} tags; at most {MOST_TAGS} help anyone. Remove some.")
    _long(field, ", ".join(tags))
    return tags


def _choice(field: Field, typed: object) -> str:
    value = str(typed)
    if value not in {choice.value for choice in field.choices}:
        raise ValueError("This is not one of the choices; choose again.")
    return value


def _levels(field: Field, typed: object) -> list[dict[str, Any]]:
    """The levels in order, those with nothing in them left out."""
    if not isinstance(typed, list) or len(typed) > MOST_LEVELS:
        raise ValueError(f"At most {MOST_LEVELS} levels fit.")
    tell = Field("tell", "tell them", Shape.TEXT, limit=_LEVEL_TEXT)
    levels = []
    for level in typed:
        wait = level.get("wait")
        read = {
            "whom": [_name(field, user) for user in level.get("whom") or []],
            "wait": int(_choice(field, wait)) if wait else None,
            "tell": _text(tell, clean(str(level.get("tell") or ""))),
        }
        if any(read.values()):
            levels.append({name: value for name, value in read.items() if value})
    return levels


def _name(_: Field, typed: object) -> str:
    if not _NAME.fullmatch(str(typed)):
        raise ValueError("This is not one of the choices; choose again.")
    return str(typed)


def _number(field: Field, typed: object) -> int:
    return int(_choice(field, typed))


_READERS: Final[Mapping[Shape, Callable[[Field, object], Value | None]]] = {
    Shape.LINE: _line,
    Shape.TEXT: _text,
    Shape.URL: _url,
    Shape.LINES: _lines,
    Shape.TAGS: _tags,
    Shape.USER: _name,
    Shape.ENTRY: _name,
    Shape.CHOICE: _choice,
    Shape.MINUTES: _number,
    Shape.DAYS: _number,
    Shape.LEVELS: _levels,
}
