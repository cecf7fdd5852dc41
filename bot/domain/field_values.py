"""Reading what people type or choose in a form into the values of its fields."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from bot.domain.invisible import strip_invisible
from bot.domain.kinds import MOST_LEVELS, MOST_TAGS, Field, Shape

# The JSON types that a field may hold; its Shape says which.
Value = str | int | list[str] | list[dict[str, Any]]

_URL: Final = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
# The ID of a user or the key of an entry: chosen, never typed.
_NAME: Final = re.compile(r"[\w-]{1,32}", re.ASCII)
# The Braille letter without dots, which looks like a space.
_BLANK_BRAILLE: Final = "\u2800"
_LEVEL_TEXT: Final = 1000
# A card shows a link with its label in one text of 3,000 characters, where each `&` takes five
# (docs.slack.dev, section block; formatting message text).
_LINK: Final = 2500


def clean(text: str) -> str:
    """Return the typed text without invisible characters and without space around it."""
    return strip_invisible(text).strip()


def is_blank(text: str) -> bool:
    """Return whether a text looks empty: only spaces, combining marks and blanks."""
    return all(
        char.isspace() or char == _BLANK_BRAILLE or unicodedata.category(char) in ("Cf", "Zs", "Mn")
        for char in text
    )


def read_value(field: Field, typed: object) -> Value | None:
    """Return the value of one field.

    Raises:
        ValueError: the value can't be saved; with the text for the person who typed it.
    """
    return None if typed is None or typed == "" else _READERS[field.shape](field, typed)


def _line(field: Field, typed: object) -> str | None:
    return _long(field, " ".join(clean(str(typed)).split()))


def _text(field: Field, typed: object) -> str | None:
    return _long(field, clean(str(typed)))


def _long(field: Field, text: str) -> str | None:
    if is_blank(text):
        return None
    if len(text) > field.limit:
        over = len(text) - field.limit
        raise ValueError(
            f"{len(text):,} characters; at most {field.limit:,} fit. Shorten it by {over:,}."
        )
    return text


def _url(_: Field, typed: object) -> str | None:
    text = clean(str(typed)).strip("<>")
    if not text:
        return None
    if not _URL.fullmatch(text):
        raise ValueError("This isn't a web address. It should start with https://.")
    length = len(text.replace("&", "&amp;"))
    if length > _LINK:
        raise ValueError(
            f"This link is too long for Slack: {length:,} characters, where an & counts as five. "
            f"At most {_LINK:,} fit. Link to a page that leads there."
        )
    return text


def _lines(field: Field, typed: object) -> list[str]:
    joined = "\n".join(str(line) for line in typed) if isinstance(typed, list) else str(typed)
    text = _long(field, clean(joined)) or ""
    return [line.strip() for line in text.split("\n") if not is_blank(line)]


def _tags(field: Field, typed: object) -> list[str]:
    parts: Iterable[object] = typed if isinstance(typed, list) else str(typed).split(",")
    tags = [
        "-".join(clean(str(part)).lower().lstrip("#").split())
        for part in parts
        if not is_blank(clean(str(part)).lstrip("#"))
    ]
    tags = list(dict.fromkeys(tags))
    if len(tags) > MOST_TAGS:
        raise ValueError(f"{len(tags)} tags; at most {MOST_TAGS} fit. Remove some.")
    _long(field, ", ".join(tags))
    return tags


def _choice(field: Field, typed: object) -> str:
    value = str(typed)
    if value not in {choice.value for choice in field.choices}:
        raise ValueError("This isn't one of the choices. Choose again.")
    return value


def _levels(field: Field, typed: object) -> list[dict[str, Any]]:
    """Return the levels in order, without empty ones."""
    if not isinstance(typed, list) or len(typed) > MOST_LEVELS:
        raise ValueError(f"At most {MOST_LEVELS} levels fit. Remove some.")
    tell = Field(name="tell", label="tell them", shape=Shape.TEXT, limit=_LEVEL_TEXT)
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
        raise ValueError("This isn't one of the choices. Choose again.")
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
