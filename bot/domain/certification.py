"""Certification: verdicts on a revision, and the reasons that make an entry due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """A reviewer's verdict on an exact revision. Only `ACCURATE` moves the due date."""

    ACCURATE = "accurate"
    CHANGE = "change"
    ASKED = "asked"
    RETIRED = "retired"


class DueReasonKind(StrEnum):
    """Why an entry is due at once, whatever its due date."""

    OWNER_GONE = "owner_gone"
    BACKUP_GONE = "backup_gone"
    LEVEL_GONE = "level_gone"
    FAILED = "failed"
    ARCHIVED = "archived"
    # The rule changed, and no one has certified the entry since.
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReason:
    """A reason why an entry is due at once.

    `about`: the person who is gone, or the revision (`DEC-1@2`) that ended a certification; empty
    for other kinds. `settled`: someone certified the entry although the reason still applies.
    """

    kind: DueReasonKind
    about: str
    at: datetime
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification:
    """Whether an entry is certified, due or overdue at one moment."""

    due_at: datetime
    certified: bool
    due: bool
    overdue: timedelta
    reasons: tuple[DueReason, ...] = ()
    retired: bool = False

    @property
    def never(self) -> bool:
        """Whether no revision of the entry was ever certified."""
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
        """Return the certification: due from `due_at` on, or at once if a reason isn't settled."""
        open_reasons = tuple(reason for reason in reasons if not reason.settled)
        late = moment - due_at
        return cls(
            due_at=due_at,
            certified=certified_at is not None,
            due=not retired and (bool(open_reasons) or late >= timedelta(0)),
            overdue=max(late, timedelta(0)),
            reasons=open_reasons,
            retired=retired,
        )

    def facts(self) -> dict[str, Any]:
        """Return it as JSON, to store with a line of a digest."""
        return {
            "due_at": self.due_at.isoformat(),
            "certified": self.certified,
            "due": self.due,
            "overdue": self.overdue.days,
            "retired": self.retired,
            "reasons": [
                [reason.kind.value, reason.about, reason.at.isoformat()] for reason in self.reasons
            ],
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Certification":
        """Read what `facts` returned."""
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
