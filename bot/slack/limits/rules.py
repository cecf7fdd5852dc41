"""Rules for single values, which raise at the first fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

# A rule takes a value and its place, such as `blocks[2].text`, and may raise LimitError.
Rule: TypeAlias = Callable[[object, str], None]


class LimitError(Exception):
    """Slack would refuse a payload. `where`: a place like `blocks[2].text`; `what`: the fault."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


class WeightError(LimitError):
    """The blocks of a message are too heavy together, though Slack would accept each of them."""


def chars(most: int, least: int = 0) -> Rule:
    """Accept a string of `least` to `most` characters."""

    def rule(value: object, where: str) -> None:
        if not isinstance(value, str):
            raise LimitError(where, "has to be a string")
        if not least <= len(value) <= most:
            raise LimitError(where, f"{len(value):,} characters, Slack takes {least} to {most:,}")

    return rule


def word(*known: str) -> Rule:
    """Accept one of these words."""

    def rule(value: object, where: str) -> None:
        if value not in known:
            raise LimitError(where, f"{value!r} isn't one of {', '.join(known)}")

    return rule


def number(least: int, most: int) -> Rule:
    """Accept a whole number from `least` to `most`."""

    def rule(value: object, where: str) -> None:
        if not isinstance(value, int) or not least <= value <= most:
            raise LimitError(where, f"{value!r}, Slack takes {least:,} to {most:,}")

    return rule


def boolean(value: object, where: str) -> None:
    """Accept true or false."""
    if not isinstance(value, bool):
        raise LimitError(where, f"{value!r} is neither true nor false")


def like(pattern: str, most: int = 255) -> Rule:
    """Accept a string that matches the whole pattern, with at most `most` characters."""
    short = chars(most)

    def rule(value: object, where: str) -> None:
        short(value, where)
        if not re.fullmatch(pattern, str(value)):
            raise LimitError(where, f"doesn't match {pattern}")

    return rule


def items(most: int, item_rule: Rule, least: int = 1) -> Rule:
    """Accept a list of `least` to `most` items that all follow the rule."""

    def rule(value: object, where: str) -> None:
        if not isinstance(value, list):
            raise LimitError(where, "has to be a list")
        if not least <= len(value) <= most:
            raise LimitError(where, f"{len(value)} items, Slack takes {least} to {most}")
        for index, item in enumerate(value):
            item_rule(item, f"{where}[{index}]")

    return rule


def shape(*needs: str, **parts: Rule) -> Rule:
    """Accept an object that has the parts it `needs`, and whose parts follow their rules.

    A need `a|b` is met by either or both, `a^b` by exactly one.
    """

    def rule(value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            raise LimitError(where, "has to be an object")
        for need in needs:
            count = sum(name in value for name in re.split(r"[|^]", need))
            if not count:
                raise LimitError(where, f"needs {' or '.join(re.split(r'[|^]', need))}")
            if count > 1 and "^" in need:
                raise LimitError(where, f"has both {need.replace('^', ' and ')}")
        for name, part in parts.items():
            if name in value:
                part(value[name], f"{where}.{name}" if where else name)

    return rule


def among(table: Mapping[str, Rule], names: Iterable[str] | None = None) -> Rule:
    """Accept an object whose type is in the table, and in `names` if there are any."""
    known = {name: table[name] for name in (table if names is None else names)}

    def rule(value: object, where: str) -> None:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if not isinstance(kind, str) or kind not in known:
            raise LimitError(where, f"a {kind!r} isn't allowed here")
        known[kind](value, where)

    return rule


def plain(most: int) -> Rule:
    """Accept a plain_text object of 1 to `most` characters."""
    return shape("text", "type", type=word("plain_text"), text=chars(most, 1))


def text(most: int) -> Rule:
    """Accept a text object of 1 to `most` characters, which no SDK checks."""
    return shape("text", "type", type=word("plain_text", "mrkdwn"), text=chars(most, 1))
