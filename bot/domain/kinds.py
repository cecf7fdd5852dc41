"""The three kinds of entry and the fields of each."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """A decision is a function, a handoff an interface, an escalation an error handler."""

    DECISION = "decision"
    HANDOFF = "handoff"
    ESCALATION = "escalation"

    @property
    def prefix(self) -> str:
        """The letters in the keys of this kind: `DEC` in `DEC-12`."""
        return {"decision": "DEC", "handoff": "HND", "escalation": "ESC"}[self.value]

    @property
    def noun(self) -> str:
        """The name of the kind in a sentence or on a button: `Record escalation path`."""
        return "escalation path" if self is Kind.ESCALATION else self.value


class Shape(StrEnum):
    """The shape of a field's value: see `Value` in `field_values`."""

    LINE = "line"  # str, one line
    TEXT = "text"  # str, several lines
    URL = "url"  # str, http(s)
    LINES = "lines"  # list of str, one per line
    TAGS = "tags"  # list of str, lower case, without spaces
    USER = "user"  # str, a Slack user id
    CHOICE = "choice"  # str, the value of one of `choices`
    MINUTES = "minutes"  # int, a wait in minutes, one of `choices`
    DAYS = "days"  # int, a review interval in days, one of `choices`
    ENTRY = "entry"  # str, the key of another entry
    LEVELS = "levels"  # list of {"whom": [user ids], "wait": minutes, "tell": str}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a field: its stored value and its label on the screen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form: its stored name, its label on the screen and what it may hold."""

    name: str
    label: str
    shape: Shape
    required: bool = False
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    links_to: Kind | None = None
    limit: int = 3000  # characters: docs.slack.dev, plain_text_input max_length


# A title is a heading on every card; 150 characters is Slack's limit of a header block.
TITLE_LIMIT: Final = 150
# More levels wouldn't fit in a modal, which holds 100 blocks, together with the other fields.
MOST_LEVELS: Final = 10
MOST_TAGS: Final = 10
DEFAULT_REVIEW: Final = timedelta(days=90)

_WAITS: Final = tuple(
    Choice(value=str(minutes), label=label)
    for minutes, label in (
        (5, "5 minutes"),
        (10, "10 minutes"),
        (15, "15 minutes"),
        (30, "30 minutes"),
        (60, "1 hour"),
        (120, "2 hours"),
        (240, "4 hours"),
        (480, "8 hours"),
        (1440, "1 day"),
    )
)
_INTERVALS: Final = tuple(
    Choice(value=str(days), label=label)
    for days, label in (
        (30, "30 days"),
        (60, "60 days"),
        (90, "90 days"),
        (180, "180 days"),
        (365, "365 days"),
    )
)
_SEVERITIES: Final = tuple(
    Choice(value=f"sev{n}", label=label)
    for n, label in (
        (1, "SEV1: customers are down"),
        (2, "SEV2: customers notice"),
        (3, "SEV3: at risk"),
        (4, "SEV4: minor"),
    )
)

_TITLE: Final = Field(
    name="title", label="Title", shape=Shape.LINE, required=True, limit=TITLE_LIMIT
)
_RUNBOOK: Final = Field(name="runbook", label="Runbook link", shape=Shape.URL, hint="https://…")
_SHARED: Final = (
    Field(
        name="owner", label="Owner", shape=Shape.USER, hint="The person responsible for this entry."
    ),
    Field(
        name="backup",
        label="Backup",
        shape=Shape.USER,
        hint="The person to ask when the owner is away.",
    ),
    Field(name="review_every", label="Review every", shape=Shape.DAYS, choices=_INTERVALS),
    Field(name="tags", label="Tags", shape=Shape.TAGS, hint="Separated by commas.", limit=300),
)

FIELDS: Final[dict[Kind, tuple[Field, ...]]] = {
    Kind.DECISION: (
        _TITLE,
        Field(name="trigger", label="When does this come up?", shape=Shape.TEXT),
        Field(name="inputs", label="What do you need to know first?", shape=Shape.TEXT),
        Field(name="rule", label="What do we do?", shape=Shape.TEXT, required=True),
        Field(name="rationale", label="Why?", shape=Shape.TEXT),
        Field(name="exceptions", label="Exceptions", shape=Shape.TEXT),
        Field(name="raises", label="If it fails", shape=Shape.ENTRY, links_to=Kind.ESCALATION),
        Field(name="hands_over", label="Hands over to", shape=Shape.ENTRY, links_to=Kind.HANDOFF),
        _RUNBOOK,
        *_SHARED,
    ),
    Kind.HANDOFF: (
        _TITLE,
        Field(
            name="from",
            label="From",
            shape=Shape.LINE,
            hint="People, a team or a system.",
            limit=300,
        ),
        Field(
            name="to", label="To", shape=Shape.LINE, hint="People, a team or a system.", limit=300
        ),
        Field(name="trigger", label="When does this happen?", shape=Shape.TEXT),
        Field(
            name="payload",
            label="What must be passed on?",
            shape=Shape.LINES,
            required=True,
            hint="One item per line; this becomes the checklist.",
        ),
        Field(
            name="acknowledge_within",
            label="Acknowledge within",
            shape=Shape.MINUTES,
            choices=_WAITS,
        ),
        Field(
            name="raises",
            label="If nobody acknowledges",
            shape=Shape.ENTRY,
            links_to=Kind.ESCALATION,
        ),
        *_SHARED,
    ),
    Kind.ESCALATION: (
        _TITLE,
        Field(name="condition", label="What goes wrong?", shape=Shape.TEXT, required=True),
        Field(name="severity", label="Severity", shape=Shape.CHOICE, choices=_SEVERITIES),
        Field(name="levels", label="Levels", shape=Shape.LEVELS, choices=_WAITS),
        Field(name="fallback", label="Last resort", shape=Shape.TEXT, limit=1000),
        _RUNBOOK,
        *_SHARED,
    ),
}


def field_of(kind: Kind, name: str) -> Field:
    """Return the field with this name."""
    return next(field for field in FIELDS[kind] if field.name == name)


def main_field(kind: Kind) -> Field:
    """Return the field that an entry needs to have in addition to its title."""
    return next(field for field in FIELDS[kind] if field.required and field.name != "title")


def trigger_field(kind: Kind) -> Field:
    """Return the field that says when the entry applies."""
    return field_of(kind, "condition" if kind is Kind.ESCALATION else "trigger")
