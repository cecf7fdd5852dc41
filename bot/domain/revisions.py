"""Revisions: the immutable versions of an entry's content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.errors import InvalidInputError
from bot.domain.field_values import Value, read_value
from bot.domain.kinds import DEFAULT_REVIEW, FIELDS, Field, Kind

# Changing these fields doesn't change what people do, or when.
_WORDING: Final = frozenset(
    {"title", "rationale", "runbook", "owner", "backup", "review_every", "tags"}
)


class Change(StrEnum):
    """The kinds of changes that a revision makes to its entry."""

    RECORDED = "recorded"
    EDITED = "edited"
    OWNER = "owner"
    BACKUP = "backup"
    RETIRED = "retired"
    RESTORED = "restored"
    SUPERSEDED = "superseded"

    @property
    def words(self) -> str:
        """The words before "by ana" in a history."""
        return f"{self.value} changed" if self in (Change.OWNER, Change.BACKUP) else self.value

    @property
    def retires(self) -> bool:
        """Whether this change takes the entry out of use."""
        return self in (Change.RETIRED, Change.SUPERSEDED)


class Effect(StrEnum):
    """Whether a change affects the wording only, or the rule itself.

    A certification outlives a change of wording. A changed rule has to be reviewed again.
    """

    WORDING = "wording"
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The content of an entry: the values of its kind's fields, without empty ones.

    Create it with `Content.of`, which validates and normalizes; equal contents compare equal.
    """

    kind: Kind
    values: Mapping[str, Value]

    @classmethod
    def of(cls, kind: Kind, typed: Mapping[str, object]) -> "Content":
        """Read the content of a form.

        `typed` maps field names to typed or chosen values, in the shape of each field. Unknown
        names are ignored.

        Raises:
            InvalidInputError: with the reason for each field that can't be saved.
        """
        return cls(kind=kind, values=_read(FIELDS[kind], typed))

    @property
    def title(self) -> str:
        """The title; every content has one."""
        return str(self.values["title"])

    @property
    def owner(self) -> str:
        """The Slack user ID of the owner; empty if there isn't one."""
        return str(self.values.get("owner", ""))

    @property
    def backup(self) -> str:
        """The Slack user ID of the backup; empty if there isn't one."""
        return str(self.values.get("backup", ""))

    @property
    def review_every(self) -> timedelta:
        """The time between two certifications."""
        days = self.values.get("review_every")
        return timedelta(days=int(days)) if isinstance(days, int) else DEFAULT_REVIEW

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags, in the order in which they were typed."""
        tags = self.values.get("tags", [])
        return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()

    @property
    def thin(self) -> tuple[str, ...]:
        """The labels of the empty fields that a reader would miss."""
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

    @property
    def notified(self) -> tuple[str, ...]:
        """The Slack user IDs in the levels of an escalation, level by level."""
        levels = self.values.get("levels", [])
        return tuple(
            user
            for level in (levels if isinstance(levels, list) else [])
            if isinstance(level, dict)
            for user in level.get("whom", [])
        )

    def text(self, name: str) -> str:
        """Return one field as plain text, with its lines joined; empty if it has no value."""
        value = self.values.get(name, "")
        if isinstance(value, list):
            return "\n".join(
                str(part.get("tell", "")) if isinstance(part, dict) else part for part in value
            )
        return str(value)

    def changed_with(self, **values: Value) -> "Content":
        """Return the same content with new values in some fields.

        Only these are validated: a redaction may have left a value that the form would refuse in
        another field, such as a title that is too long.
        """
        others = {name: value for name, value in self.values.items() if name not in values}
        fields = [field for field in FIELDS[self.kind] if field.name in values]
        return Content(kind=self.kind, values=others | _read(fields, values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One immutable version of an entry, numbered from 1.

    `superseded_by`: the key of the entry that replaced this one, if the revision says so.
    """

    number: int
    content: Content
    author: str
    at: datetime
    note: str
    change: Change
    effect: Effect = Effect.WORDING
    superseded_by: str = ""


def changed_fields(old: Content, new: Content) -> tuple[Field, ...]:
    """Return the fields in which two contents of one kind differ, in the order of the form."""
    return tuple(
        field
        for field in FIELDS[new.kind]
        if old.values.get(field.name) != new.values.get(field.name)
    )


def suggested_effect(changed: Iterable[Field]) -> Effect:
    """Return the effect that a change of these fields usually has."""
    names = {field.name for field in changed}
    return Effect.WORDING if names <= _WORDING else Effect.RULE


def _read(fields: Iterable[Field], typed: Mapping[str, object]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    refused: dict[str, str] = {}
    for field in fields:
        try:
            value = read_value(field, typed.get(field.name))
        except ValueError as reason:
            refused[field.name] = str(reason)
            continue
        if value:
            values[field.name] = value
        elif field.required:
            refused[field.name] = f"“{field.label}” can't be empty."
    if refused:
        raise InvalidInputError(
            "Some fields can't be saved as they are. See the reason beside each.", refused
        )
    return values
