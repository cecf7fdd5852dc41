"""What one value may be: rules that raise at the first fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

# A rule reads a value and where it stands, such as `blocks[2].text`, and raises LimitError.
Rule: TypeAlias = Callable[[object, str], None]


class LimitError(Exception):
    """A payload that Slack would refuse: `where` in it, such as `blocks[2].text`, and `what`."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


class WeightError(LimitError):
    """All blocks of a message together are too much, each of which Slack would take."""


def chars(most: int, least: int = 0) -> Rule:
    """Take a string of `least` to `most` characters."""

    def rule(value: object, where: str) -> None:
        if not isinstance(value, str):
            raise LimitError(where, "has to be a string")
        if not least <= len(value) <= most:
            raise LimitError(where, f"{len(value):,} characters, Slack takes {least} to {most:,}")

    return rule


def word(*known: str) -> Rule:
    """Take one of the words."""

    def rule(value: object, where: str) -> None:
        if value not in known:
            raise LimitError(where, f"{value!r} is none of {', '.join(known)}")

    return rule


def number(least: int, most: int) -> Rule:
    """Take a whole number of `least` to `most`."""

    def rule(value: object, where: str) -> None:
        if not isinstance(value, int) or not least <= value <= most:
            raise LimitError(where, f"{value!r}, Slack takes {least:,} to {most:,}")

    return rule


def boolean(value: object, where: str) -> None:
    """Take true or false."""
    if not isinstance(value, bool):
        raise LimitError(where, f"{value!r} is neither true nor false")


def like(pattern: str, most: int = 255) -> Rule:
    """Take a string of at most so many characters that is wholly the pattern."""
    short = chars(most)

    def rule(value: object, where: str) -> None:
        short(value, where)
        if not re.fullmatch(pattern, str(value)):
            raise LimitError(where, f"is not of the form {pattern}")

    return rule


def items(most: int, each: Rule, least: int = 1) -> Rule:
    """Take a list of `least` to `most` items, each as its rule says."""

    def rule(value: object, where: str) -> None:
        if not isinstance(value, list):
            raise LimitError(where, "has to be a list")
        if not least <= len(value) <= most:
            raise LimitError(where, f"{len(value)} items, Slack takes {least} to {most}")
        for index, item in enumerate(value):
            each(item, f"{where}[{index}]")

    return rule


def shape(*needs: str, **parts: Rule) -> Rule:
    """Take an object that has what it `needs`, and whose parts keep their rules.

    A need `a|b` is met by either or both, `a^b` by exactly one.
    """

    def rule(value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            raise LimitError(where, "has to be an object")
        for need in needs:
            found = sum(name in value for name in re.split(r"[|^]", need))
            if not found:
                raise LimitError(where, f"needs {' or '.join(re.split(r'[|^]', need))}")
            if found > 1 and "^" in need:
                raise LimitError(where, f"has both {need.replace('^', ' and ')}")
        for name, part in parts.items():
            if name in value:
                part(value[name], f"{where}.{name}" if where else name)

    return rule


def among(table: Mapping[str, Rule], names: Iterable[str] | None = None) -> Rule:
    """Take an object whose type is in the table, and among the names if they are given."""
    known = {name: table[name] for name in (table if names is None else names)}

    def rule(value: object, where: str) -> None:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if not isinstance(kind, str) or kind not in known:
            raise LimitError(where, f"a {kind!r} does not go here")
        known[kind](value, where)

    return rule


def plain(most: int) -> Rule:
    """Take a plain_text object of at most so many characters, and at least one."""
    return shape("text", "type", type=word("plain_text"), text=chars(most, 1))


def text(most: int) -> Rule:
    """Take a text object of at most so many characters, and at least one: no SDK checks that."""
    return shape("text", "type", type=word("plain_text", "mrkdwn"), text=chars(most, 1))
