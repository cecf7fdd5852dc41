"""JSON schemas whose errors read like Slack's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeGuard

# A schema checks a value at a JSON pointer and yields Slack's complaints about it.
Schema = Callable[[object, str], Iterable[str]]
Fields = Mapping[str, Schema]


def said(words: str, pointer: str) -> str:
    """Return a complaint in Slack's form: the text, then the JSON pointer."""
    return f"{words} [json-pointer:{pointer}]"


def string(most: int | None = None, *, least: int = 0, like: str | None = None) -> Schema:
    """Return the schema of a string of `least` to `most` characters that matches `like` fully."""
    pattern = None if like is None else re.compile(like)

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield said("must provide a string", at)
        elif len(value) < least:
            yield said(f"must be more than {least - 1} characters", at)
        elif most is not None and len(value) > most:
            yield said(f"must be less than {most + 1} characters", at)
        elif pattern is not None and not pattern.fullmatch(value):
            yield said("failed to match schema", at)

    return check


def word(*words: str) -> Schema:
    """Return the schema of one of these strings."""

    def check(value: object, at: str) -> Iterator[str]:
        if value not in words:
            yield said(f"must be one of: {', '.join(words)}", at)

    return check


def boolean(value: object, at: str) -> Iterator[str]:
    """Yield a complaint unless the value is true or false."""
    if not isinstance(value, bool):
        yield said("must provide a boolean", at)


def integer(least: int, most: int | None = None) -> Schema:
    """Return the schema of an integer in a range."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield said("must provide an integer", at)
        elif value < least:
            yield said(f"must be greater than {least - 1}", at)
        elif most is not None and value > most:
            yield said(f"must be less than {most + 1}", at)

    return check


def number(value: object, at: str) -> Iterator[str]:
    """Yield a complaint unless the value is a number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield said("must provide a number", at)


def or_null(schema: Schema) -> Schema:
    """Return the schema of null or a valid value."""
    return lambda value, at: () if value is None else schema(value, at)


def array(item: Schema, least: int = 0, most: int | None = None) -> Schema:
    """Return the schema of a list of `least` to `most` items."""

    def check(value: object, at: str) -> Iterator[str]:
        if not is_array(value):
            yield said("must provide an array", at)
            return
        if len(value) < least:
            yield said(f"must provide at least {least} items", at)
        if most is not None and len(value) > most:
            yield said(f"no more than {most} items allowed", at)
        for index, entry in enumerate(value):
            yield from item(entry, f"{at}/{index}")

    return check


def shape(required: Fields, optional: Fields | None = None, *rules: Schema) -> Schema:
    """Return the schema of an object with only these fields; `rules` compare its fields."""
    known = {**required, **(optional or {})}

    def check(value: object, at: str) -> Iterator[str]:
        if not is_object(value):
            yield said("must provide an object", at)
            return
        for key in required:
            if key not in value:
                yield said(f"missing required field: {key}", at)
        for key, field in value.items():
            if key in known:
                yield from known[key](field, f"{at}/{key}")
            else:
                yield said(f"invalid additional property: {key}", at)
        for rule in rules:
            yield from rule(value, at)

    return check


def block_shape(kind: str, required: Fields, optional: Fields, *rules: Schema) -> Schema:
    """Return the schema of a block; every block may have a block_id of up to 255 characters."""
    known = {"block_id": string(255), **optional}
    return shape({"type": word(kind), **required}, known, *rules)


def tagged(kinds: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object whose `type` selects its schema."""

    def check(value: object, at: str) -> Iterator[str]:
        if not is_object(value):
            yield said("must provide an object", at)
            return
        kind = value.get("type")
        if "type" not in value:
            yield said("missing required field: type", at)
        elif not isinstance(kind, str) or kind not in kinds:
            yield said(f"unsupported type: {kind}", f"{at}/type")
        else:
            yield from kinds[kind](value, at)

    return check


def exactly_one(*keys: str) -> Schema:
    """Return the rule that exactly one of the fields is set."""

    def check(value: object, at: str) -> Iterator[str]:
        if is_object(value) and sum(key in value for key in keys) != 1:
            yield said(f"must provide exactly one of: {', '.join(keys)}", at)

    return check


def is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    """Return whether a value is a JSON object."""
    return isinstance(value, Mapping)


def is_array(value: object) -> TypeGuard[Sequence[object]]:
    """Return whether a value is a JSON array."""
    return isinstance(value, list | tuple)
