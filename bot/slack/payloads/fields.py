"""Reading a payload as documented: each value by its path, with its type, or a refusal."""

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
# The ids that a database gives have 64 bits.
_MOST_DIGITS: Final = 18
_ID: Final = re.compile(r"[A-Z0-9]{2,64}")
_TS: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")


class MalformedError(OpsloreError):
    """A payload that is not of the documented shape."""


def mapping(found: object, *path: str) -> Mapping[str, Any]:
    """The object there; empty where there is none.

    Raises:
        MalformedError: something else is there.
    """
    for name in path:
        found = mapping(found).get(name)
    if found is None:
        return {}
    # JSON has dicts only, and whether something is a Mapping takes ten times as long to say.
    if isinstance(found, (dict, Mapping)):
        return found
    raise MalformedError(f"{'.'.join(path) or 'It'} is not an object.")


def optional(found: object, *path: str) -> str:
    """Return the text there, without what no reader can see; empty where there is none.

    All that Slack brings comes in by this: words of messages, forms and commands.

    Raises:
        MalformedError: something else is there.
    """
    text = mapping(found, *path[:-1]).get(path[-1])
    if text is None:
        return ""
    if isinstance(text, str):
        return strip_invisible(text)
    raise MalformedError(f"{'.'.join(path)} is not a text.")


def needed(found: object, *path: str) -> str:
    """The text there.

    Raises:
        MalformedError: there is none.
    """
    text = optional(found, *path)
    if not text:
        raise MalformedError(f"{'.'.join(path)} is missing.")
    return text


def ident(found: object, *path: str) -> str:
    """An id that Slack gives: of a person, a channel, a workspace. No text can pass for one.

    Raises:
        MalformedError: it is none, or missing.
    """
    text = needed(found, *path)
    if not _ID.fullmatch(text):
        raise MalformedError(f"{'.'.join(path)} is no id.")
    return text


def optional_ident(found: object, *path: str) -> str:
    """An id that Slack gives; empty where there is none.

    Raises:
        MalformedError: something else is there.
    """
    return ident(found, *path) if optional(found, *path) else ""


def texts(found: object) -> list[str]:
    """A list of texts; empty where there is none.

    Raises:
        MalformedError: something else is there.
    """
    if found is None:
        return []
    if isinstance(found, list) and all(isinstance(part, str) for part in found):
        return found
    raise MalformedError("A list of texts is not one.")


def number(value: object) -> int:
    """An id of ours, from the value of a button or the metadata of a view.

    Raises:
        MalformedError: it is none.
    """
    text = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    raise MalformedError(OLDER)


def timestamp(found: object, *path: str) -> str:
    """A message's timestamp, `1772618400.000100`: its id and its time.

    Raises:
        MalformedError: it is none, or missing.
    """
    ts = needed(found, *path)
    if not _TS.fullmatch(ts):
        raise MalformedError(f"{'.'.join(path)} is no timestamp of a message.")
    return ts


def optional_timestamp(found: object, *path: str) -> str | None:
    """A message's timestamp; None where there is none.

    Raises:
        MalformedError: something else is there.
    """
    return timestamp(found, *path) if optional(found, *path) else None


def at(ts: str) -> datetime:
    """When a message was written, by its timestamp.

    Raises:
        MalformedError: it is none.
    """
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(float(ts), UTC)
    raise MalformedError("A timestamp of a message is none.")
