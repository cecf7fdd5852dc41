"""Whether somebody vouches for an entry: verdicts on a revision, and what makes one due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What a person said of one exact revision. Only the first moves the due date."""

    ACCURATE = "accurate"
    CHANGE = "change"
    ASKED = "asked"
    RETIRED = "retired"


class DueReasonKind(StrEnum):
    """What makes an entry due at once, whatever its due date."""

    OWNER_GONE = "owner_gone"
    BACKUP_GONE = "backup_gone"
    LEVEL_GONE = "level_gone"
    FAILED = "failed"
    ARCHIVED = "archived"
    # A changed rule is in force, and nobody has certified the entry since.
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReason:
    """Why an entry is due at once.

    `about`: the person who is gone; the revision, `DEC-1@2`, with which a certification lapsed; or
    empty.

    `settled`: somebody vouched for the entry all the same, and it still holds.
    """

    kind: DueReasonKind
    about: str
    at: datetime
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification:
    """How an entry stands with its reviews at one moment."""

    due_at: datetime
    certified: bool
    due: bool
    overdue: timedelta
    reasons: tuple[DueReason, ...] = ()
    retired: bool = False

    @property
    def never(self) -> bool:
        """Whether no revision was ever certified."""
        lapsed = any(reason.kind is DueReasonKind.LAPSED for reason in self.reasons)
        return not (self.certified or lapsed)

    @classmethod
    def at(
        cls,
        moment: datetime,
        *,
        due_at: datetime,
        certified_at: datetime | None,
        reasons: tuple[DueReason, ...],
        retired: bool,
    ) -> "Certification":
        """The standing of what is due at `due_at`, or at once if a reason is not settled."""
        found = tuple(reason for reason in reasons if not reason.settled)
        late = moment - due_at
        return cls(
            due_at=due_at,
            certified=certified_at is not None,
            due=not retired and (bool(found) or late >= timedelta(0)),
            overdue=max(late, timedelta(0)),
            reasons=found,
            retired=retired,
        )

    def facts(self) -> dict[str, Any]:
        """As JSON, to be kept with a line of a digest."""
        return {
            "due_at": self.due_at.isoformat(),
            "certified": self.certified,
            "due": self.due,
            "overdue": self.overdue.days,
            "retired": self.retired,
            "reasons": [[one.kind.value, one.about, one.at.isoformat()] for one in self.reasons],
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Certification":
        """What `facts` made."""
        return cls(
            due_at=datetime.fromisoformat(facts["due_at"]),
            certified=facts["certified"],
            due=facts["due"],
            overdue=timedelta(days=facts["overdue"]),
            reasons=tuple(
                DueReason(kind=DueReasonKind(kind), about=about, at=datetime.fromisoformat(at))
                for kind, about, at in facts["reasons"]
            ),
            retired=facts["retired"],
        )
