"""Marks of the texts that a form was filled in with, which recognize a text by its hash."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.domain.entries import ChannelId, UserId
from bot.domain.field_values import clean
from bot.domain.kinds import FIELDS, Shape

# Each of their lines may be from another message.
_LINES: Final = frozenset(
    field.name
    for fields in FIELDS.values()
    for field in fields
    if field.shape in (Shape.LINES, Shape.TEXT)
)
_CUT: Final = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The message that a text is from. `answers`: it settled the matter."""

    channel: ChannelId
    ts: str
    author: UserId | None = None
    answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One text, line or level that a form was filled in with, and the message that it is from.

    `hash` is salted, and ignores spacing. `gone`: the message no longer says it, so the form drops
    it unless a person rewrote it. `author`: of the message, None if an earlier version filled in
    the form. `answers`: the message settled the matter.
    """

    name: str
    channel: ChannelId
    ts: str
    salt: str
    hash: str
    gone: bool = False
    author: UserId | None = None
    answers: bool = False

    def is_of(self, part: object) -> bool:
        """Return whether this is the text that the form was filled in with, not a rewritten one."""
        return self.hash == _hash(self.salt, part)


def make_marks(
    name: str, value: object, sources: Iterable[Iterable[Source]], *, salt: str
) -> tuple[Mark, ...]:
    """Return a field's marks. `sources`: for each of its parts, its messages."""
    return tuple(
        Mark(
            name=name,
            channel=source.channel,
            ts=source.ts,
            salt=salt,
            hash=_hash(salt, part),
            author=source.author,
            answers=source.answers,
        )
        for part, messages in zip(_parts(name, value), sources, strict=True)
        if part
        for source in messages
    )


def find_origin(filled: Iterable[Mark], name: str, value: object) -> tuple[Mark, ...]:
    """Return the marks of the messages that a field's text is still from, the latest first."""
    parts = _parts(name, value)
    marks = [
        mark
        for mark in filled
        if mark.name == name and not mark.gone and any(mark.is_of(part) for part in parts)
    ]
    by_message = {(mark.channel, mark.ts): mark for mark in marks}
    return tuple(sorted(by_message.values(), key=lambda mark: mark.ts, reverse=True))


def drop_gone(values: Mapping[str, Any], filled: Sequence[Mark]) -> dict[str, Any]:
    """Return a form's values without the texts that are gone; rewritten ones stay."""
    left = {}
    for name, value in _filled_in(values).items():
        mine = [mark for mark in filled if mark.name == name]
        parts = _parts(name, value)
        stay = [part for part in parts if _stays(part, mine)]
        if len(stay) == len(parts):
            left[name] = value
        elif any(stay):
            left[name] = stay if isinstance(value, list) else "\n".join(stay)
    captured = values.get("captured")
    return {**values, "captured": {**captured, "values": left}} if captured else left


def mark_missing(
    values: Mapping[str, Any], filled: Sequence[Mark], channel: ChannelId, ts: str, text: str
) -> tuple[Mark, ...]:
    """Return the marks after a message was edited to `text`: missing texts are marked as gone."""
    message_text = _folded(text)

    def is_unsaid(mark: Mark) -> bool:
        return (mark.channel, mark.ts) == (channel, ts) and any(
            mark.is_of(part) and not _is_said(part, message_text)
            for part in _parts(mark.name, _filled_in(values).get(mark.name))
        )

    return tuple(replace(mark, gone=True) if is_unsaid(mark) else mark for mark in filled)


def update_marks(
    filled: Iterable[Mark], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Mark, ...]:
    """Return the marks after a text was redacted in the values, without marks of missing texts."""
    kept_marks = []
    both = (_filled_in(before), _filled_in(after))
    for mark in filled:
        was, now = (_parts(mark.name, values.get(mark.name)) for values in both)
        same = [at for at, part in enumerate(was) if mark.is_of(part)]
        if same and len(was) == len(now):
            kept_marks.append(replace(mark, hash=_hash(mark.salt, now[same[0]])))
    return tuple(kept_marks)


def _filled_in(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values that were filled in; a form that replaced another one keeps them apart."""
    captured = values.get("captured")
    filled_in: Mapping[str, Any] = captured["values"] if captured else values
    return filled_in


def _parts(name: str, value: object) -> list[Any]:
    """Return the parts of a field that a person can rewrite one by one: lines, levels or all.

    Lines are a list when they are filled in, and a text when they come from the screen.
    """
    if isinstance(value, list):
        return value
    if isinstance(value, str) and name in _LINES:
        return value.splitlines()
    return [] if value is None else [value]


def _stays(part: object, filled: Iterable[Mark]) -> bool:
    gone = [mark.gone for mark in filled if mark.is_of(part)]
    return not gone or not all(gone)


def _is_said(part: object, message_text: str) -> bool:
    if isinstance(part, Mapping):
        return all(_folded(f"@{user}") in message_text for user in part.get("whom") or ())
    text = str(part).removesuffix(_CUT)
    people = text.split(", ")
    if all(name.startswith("@") for name in people):
        return all(_folded(name) in message_text for name in people)
    return _folded(text) in message_text


def _folded(text: str) -> str:
    return " ".join(clean(text).split()).casefold()


def _hash(salt: str, part: object) -> str:
    if isinstance(part, Mapping):
        # The screen sends every choice of a level, even empty ones,
        # and a wait as a text.
        choices = {
            name: value if isinstance(value, list) else str(value)
            for name, value in part.items()
            if value
        }
        text = json.dumps(choices, sort_keys=True)
    else:
        text = " ".join(clean(str(part)).split())
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()
