"""Reading the values of a payload by path, with a check of their types."""

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.errors import OpsloreError
from bot.domain.invisible import strip_invisible

OLDER: Final = (
    "This button is out of date. Ask for the message again, for example with `/lore show KEY`."
)
# The ids of a database have 64 bits.
_MOST_DIGITS: Final = 18
_ID: Final = re.compile(r"[A-Z0-9]{2,64}")
# In seconds; up to the year 5138, so that some time can be added to each.
_TS: Final = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,9})?")


class MalformedError(OpsloreError):
    """A payload that doesn't have the documented shape."""


def mapping(value: object, *path: str) -> Mapping[str, Any]:
    """Return the object at a path; empty if there isn't one.

    Raises:
        MalformedError: something else is there.
    """
    for name in path:
        value = mapping(value).get(name)
    if value is None:
        return {}
    # A check for dict is ten times as fast as one for Mapping, and JSON has only dicts.
    if isinstance(value, (dict, Mapping)):
        return value
    raise MalformedError(f"{'.'.join(path) or 'It'} isn't an object.")


def optional(value: object, *path: str) -> str:
    """Return the text at a path, without invisible characters; empty if there isn't one.

    Every text from Slack passes through here: messages, forms and commands.

    Raises:
        MalformedError: something else is there.
    """
    text = mapping(value, *path[:-1]).get(path[-1])
    if text is None:
        return ""
    if isinstance(text, str):
        return strip_invisible(text)
    raise MalformedError(f"{'.'.join(path)} isn't a text.")


def needed(value: object, *path: str) -> str:
    """Return the text at a path.

    Raises:
        MalformedError: there is no text.
    """
    text = optional(value, *path)
    if not text:
        raise MalformedError(f"{'.'.join(path)} is missing.")
    return text


def ident(value: object, *path: str) -> str:
    """Return a Slack id of a person, a channel or a workspace.

    Raises:
        MalformedError: it's missing or has another form.
    """
    text = needed(value, *path)
    if not _ID.fullmatch(text):
        raise MalformedError(f"{'.'.join(path)} isn't an id.")
    return text


def optional_ident(value: object, *path: str) -> str:
    """Return a Slack id; empty if there isn't one.

    Raises:
        MalformedError: something else is there.
    """
    return ident(value, *path) if optional(value, *path) else ""


def texts(value: object) -> list[str]:
    """Return a list of texts; empty if there isn't one.

    Raises:
        MalformedError: something else is there.
    """
    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return value
    raise MalformedError("A list of texts is malformed.")


def number(value: object) -> int:
    """Return one of our ids, from the value of a button or the metadata of a view.

    Raises:
        MalformedError: it isn't a number.
    """
    text = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    raise MalformedError(OLDER)


def timestamp(value: object, *path: str) -> str:
    """Return a message's timestamp, `1772618400.000100`, which is its id and its time.

    Raises:
        MalformedError: it's missing or has another form.
    """
    ts = needed(value, *path)
    if not _TS.fullmatch(ts):
        raise MalformedError(f"{'.'.join(path)} isn't a timestamp.")
    return ts


def optional_timestamp(value: object, *path: str) -> str | None:
    """Return a message's timestamp; None if there isn't one.

    Raises:
        MalformedError: something else is there.
    """
    return timestamp(value, *path) if optional(value, *path) else None


def at(ts: str) -> datetime:
    """Return the time of a message, from its timestamp.

    Raises:
        MalformedError: it isn't a timestamp.
    """
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(float(ts), UTC)
    raise MalformedError("A timestamp of a message is malformed.")
