"""The difference between two contents: the fields that changed, and their words that changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.field_values import Value
from bot.domain.kinds import Field, Shape
from bot.domain.revisions import Content, changed_fields
from bot.domain.text_diff import Mark, Segment, compare_lists, compare_texts, merge_segments

# A chosen value replaces another as a unit, even if their labels share words.
_CHOSEN: Final = (Shape.USER, Shape.CHOICE, Shape.MINUTES, Shape.DAYS, Shape.ENTRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """How one field changed.

    The segments without the added ones are the old value, as `format_value` returns it. Without the
    removed ones they are the new value. `people`: the IDs that occur in them as `@U0ANA123`.
    """

    field: Field
    segments: tuple[Segment, ...]
    people: frozenset[str] = frozenset()


def diff(old: Content, new: Content) -> tuple[FieldChange, ...]:
    """Return the changes between two contents of one kind, in the order of the form's fields."""
    return tuple(
        _changed(field, old.values.get(field.name), new.values.get(field.name))
        for field in changed_fields(old, new)
    )


def format_value(field: Field, value: Value | None) -> str:
    """Return a value as text: choices by their labels, people as `@` and their ID."""
    return _READS.get(field.shape, _plain)(field, value) if value else ""


def _changed(field: Field, old: Value | None, new: Value | None) -> FieldChange:
    before, after = format_value(field, old), format_value(field, new)
    if field.shape in _CHOSEN:
        segments = merge_segments(
            [Segment(mark=Mark.REMOVED, text=before), Segment(mark=Mark.ADDED, text=after)]
        )
    elif field.shape is Shape.TAGS:
        segments = compare_lists(_items(old), _items(new))
    else:
        segments = compare_texts(before, after)
    return FieldChange(
        field=field,
        segments=segments,
        people=frozenset([*_people(field, old), *_people(field, new)]),
    )


def _plain(_: Field, value: Value) -> str:
    return str(value)


def _label(field: Field, value: Value) -> str:
    return next(
        (choice.label for choice in field.choices if choice.value == str(value)), str(value)
    )


def _levels(field: Field, value: Value) -> str:
    return "\n".join(
        _level(field, number, level) for number, level in enumerate(_items(value), start=1)
    )


def _level(field: Field, number: int, level: Mapping[str, Any]) -> str:
    whom = ", ".join(f"@{user}" for user in level.get("whom") or [])
    wait = f"wait {_label(field, level['wait'])}" if level.get("wait") else ""
    head = " · ".join(filter(None, [f"Level {number}", whom, wait]))
    return f"{head}\n{level['tell']}" if level.get("tell") else head


def _items(value: Value | None) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _people(field: Field, value: Value | None) -> Iterator[str]:
    if field.shape is Shape.USER and value:
        yield str(value)
    elif field.shape is Shape.LEVELS:
        yield from (user for level in _items(value) for user in level.get("whom") or [])


_READS: Final[Mapping[Shape, Callable[[Field, Value], str]]] = {
    Shape.LINES: lambda _, value: "\n".join(f"• {line}" for line in _items(value)),
    Shape.TAGS: lambda _, value: ", ".join(_items(value)),
    Shape.USER: lambda _, value: f"@{value}",
    Shape.CHOICE: _label,
    Shape.MINUTES: _label,
    Shape.DAYS: _label,
    Shape.LEVELS: _levels,
}
