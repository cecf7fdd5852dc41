"""A revision: the content of an entry at one time, which nothing ever changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.errors import InvalidInputError
from bot.domain.field_values import Value, read
from bot.domain.kinds import DEFAULT_REVIEW, FIELDS, Field, Kind

# What stands around the rule: to change it changes nothing of what is done, and when.
_WORDING: Final = frozenset(
    {"title", "rationale", "runbook", "owner", "backup", "review_every", "tags"}
)


class Change(StrEnum):
    """What a revision did to its entry."""

    RECORDED = "recorded"
    EDITED = "edited"
    OWNER = "owner"
    BACKUP = "backup"
    RETIRED = "retired"
    RESTORED = "restored"
    SUPERSEDED = "superseded"

    @property
    def words(self) -> str:
        """What was done, before "by ana"."""
        return f"{self.value} changed" if self in (Change.OWNER, Change.BACKUP) else self.value

    @property
    def retires(self) -> bool:
        """Whether the entry goes out of use with it."""
        return self in (Change.RETIRED, Change.SUPERSEDED)


class Effect(StrEnum):
    """What a change does to what people do: to the wording alone, or to the rule itself.

    A certification outlives a change of wording; a changed rule has to be certified anew.
    """

    WORDING = "wording"
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an entry says: the values of its kind's fields, empty ones left out.

    Made by `Content.of`, which normalises and refuses; equal contents compare equal.
    """

    kind: Kind
    values: Mapping[str, Value]

    @classmethod
    def of(cls, kind: Kind, typed: Mapping[str, object]) -> "Content":
        """The content of a form.

        `typed` maps field names to what was typed or chosen, in the shape of each field; unknown
        names are left out.

        Raises:
            InvalidInputError: with the reason for each field that can not be kept.
        """
        return cls(kind=kind, values=_read(FIELDS[kind], typed))

    @property
    def title(self) -> str:
        """The title; every content has one."""
        return str(self.values["title"])

    @property
    def owner(self) -> str:
        """The Slack user id of the owner; empty before one is set."""
        return str(self.values.get("owner", ""))

    @property
    def backup(self) -> str:
        """The Slack user id of who stands in for the owner; empty if nobody does."""
        return str(self.values.get("backup", ""))

    @property
    def review_every(self) -> timedelta:
        """The time between two certifications."""
        days = self.values.get("review_every")
        return timedelta(days=int(days)) if isinstance(days, int) else DEFAULT_REVIEW

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags, in the order typed."""
        tags = self.values.get("tags", [])
        return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()

    @property
    def thin(self) -> tuple[str, ...]:
        """The labels of the fields that a reader would miss, and that are still empty."""
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
        """The Slack user ids that the levels of an escalation name, level by level."""
        levels = self.values.get("levels", [])
        return tuple(
            user
            for level in (levels if isinstance(levels, list) else [])
            if isinstance(level, dict)
            for user in level.get("whom", [])
        )

    def text(self, name: str) -> str:
        """One field as plain text, lines joined; empty if it holds nothing."""
        value = self.values.get(name, "")
        if isinstance(value, list):
            return "\n".join(
                str(part.get("tell", "")) if isinstance(part, dict) else part for part in value
            )
        return str(value)

    def changed_with(self, **values: Value) -> "Content":
        """The same content with some fields set anew, which alone are read and may be refused.

        A text that was taken out may have left what nobody could type: a title too long, an address
        that is none. The rest can be changed all the same.
        """
        kept = {name: value for name, value in self.values.items() if name not in values}
        fields = [field for field in FIELDS[self.kind] if field.name in values]
        return Content(kind=self.kind, values=kept | _read(fields, values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One immutable step in the life of an entry, numbered from 1.

    `superseded_by`: the key of what took the entry's place, if that is what the revision says.
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
    """The fields in which two contents of one kind differ, in the order of the form."""
    return tuple(
        field
        for field in FIELDS[new.kind]
        if old.values.get(field.name) != new.values.get(field.name)
    )


def suggested_effect(changed: Iterable[Field]) -> Effect:
    """The kind of a change, by the fields in which it differs."""
    names = {field.name for field in changed}
    return Effect.WORDING if names <= _WORDING else Effect.RULE


def _read(fields: Iterable[Field], typed: Mapping[str, object]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    refused: dict[str, str] = {}
    for field in fields:
        try:
            value = read(field, typed.get(field.name))
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
