"""Reading the files of recorded entries and of searches."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from bot.domain.entries import Key
from bot.domain.errors import InvalidInputError
from bot.domain.kinds import Kind

_SHOWN: Final = 10  # faults of one file
_DEEPEST: Final = 10  # lists and objects within each other; levels of an escalation take three
_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEntry:
    """An entry that a team has recorded. `fields`: a text or a list by name, as in a form."""

    key: Key
    kind: Kind
    title: str
    fields: Mapping[str, object]


def read_entries(path: Path) -> tuple[RecordedEntry, ...]:
    """Return the entries of a JSON list; each has `key`, `kind`, `title` and `fields`.

    Raises:
        InvalidInputError: the file or an entry is wrong; the text says where.
    """
    entries = _read_records(path, "entry", _entry)
    keys: set[Key] = set()
    for number, entry in enumerate(entries, 1):
        if entry.key in keys:
            raise InvalidInputError(f"{path}, entry {number}: {entry.key} is there twice.")
        keys.add(entry.key)
    return tuple(entries)


def read_queries(path: Path) -> tuple[str, ...]:
    """Return the searches of a JSON list; each is a text, or an object with a text `q`.

    Raises:
        InvalidInputError: the file or a search is wrong; the text says where.
    """
    return tuple(_read_records(path, "search", _query))


def _read_records(path: Path, noun: str, read: Callable[[object], _Record]) -> list[_Record]:
    try:
        records = json.loads(path.read_bytes())
    except OSError as error:
        raise InvalidInputError(f"{path} can't be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{path} isn't JSON ({error}).") from error
    if not isinstance(records, list):
        raise InvalidInputError(f"{path} must hold a list, like [{{…}}, {{…}}].")
    results: list[_Record] = []
    faults: list[str] = []
    for number, record in enumerate(records, 1):
        try:
            results.append(read(record))
        except ValueError as error:
            faults.append(f"{path}, {noun} {number}: {error}")
    if faults:
        more = [f"And {len(faults) - _SHOWN} more."] if len(faults) > _SHOWN else []
        raise InvalidInputError("\n".join(faults[:_SHOWN] + more))
    return results


def _entry(record: object) -> RecordedEntry:
    if not isinstance(record, dict):
        raise ValueError("it must be an object with key, kind, title and fields.")  # noqa: TRY004 - a fault of the file
    key = Key.parse(_text(record, "key"))
    if key is None or key.revision is not None:
        raise ValueError(f"key {record['key']!r} must look like DEC-12, HND-3 or ESC-4.")
    kind = _text(record, "kind")
    if kind != key.kind.value:
        raise ValueError(f"kind {kind!r} must be {key.kind.value}, as {key} says.")
    fields = record.get("fields")
    if not isinstance(fields, dict) or not all(isinstance(v, str | list) for v in fields.values()):
        raise ValueError("fields must be an object whose values are texts or lists.")
    if not all(_is_shallow(value, _DEEPEST) for value in fields.values()):
        raise ValueError("fields have too many lists within lists.")
    return RecordedEntry(key=key, kind=key.kind, title=_text(record, "title"), fields=fields)


def _is_shallow(value: object, most: int) -> bool:
    """Return whether at most so many lists and objects are within each other."""
    if not isinstance(value, list | dict):
        return True
    parts = value.values() if isinstance(value, dict) else value
    return most > 0 and all(_is_shallow(part, most - 1) for part in parts)


def _query(record: object) -> str:
    if isinstance(record, str):
        return record
    if not isinstance(record, dict):
        raise ValueError("it must be a text, or an object with a text q.")  # noqa: TRY004 - a fault of the file
    return _text(record, "q")


def _text(record: Mapping[str, object], name: str) -> str:
    text = record.get(name)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} is missing, or isn't a text.")
    return text
