"""An entry: its key, its home channel, its owner and the revision in force."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, Self

from bot.domain.certification import Certification, DueReason, DueReasonKind
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.revisions import Content, Revision

TeamId = NewType("TeamId", str)
UserId = NewType("UserId", str)
ChannelId = NewType("ChannelId", str)
EntryId = NewType("EntryId", int)

_KEY: Final = re.compile(
    r"\s*(DEC|HND|ESC)[-\s]?([1-9][0-9]{0,8})(?:@([1-9][0-9]{0,8}))?\s*", re.IGNORECASE
)
_KINDS: Final = {kind.prefix: kind for kind in Kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The name of an entry, `DEC-12`, or of one of its revisions, `DEC-12@3`."""

    kind: Kind
    number: int
    revision: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read `dec-12`, `DEC 12`, `dec12` or `DEC-12@3`; None if it isn't a key."""
        match = _KEY.fullmatch(text)
        if match is None:
            return None
        prefix, number, revision = match.groups()
        return cls(
            kind=_KINDS[prefix.upper()],
            number=int(number),
            revision=int(revision) if revision else None,
        )

    @property
    def entry(self) -> Self:
        """The same key without a revision."""
        return replace(self, revision=None)

    def __str__(self) -> str:
        cited = f"@{self.revision}" if self.revision else ""
        return f"{self.kind.prefix}-{self.number}{cited}"


class State(StrEnum):
    """The state of an entry.

    A draft has no revision in force yet. Its first approval makes it `in_force`; otherwise it can
    be `withdrawn`.
    """

    DRAFT = "draft"
    IN_FORCE = "in_force"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """How a use of an entry went."""

    FOLLOWED = "followed"
    DEVIATED = "deviated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCounts:
    """How often the current text was used, by outcome."""

    followed: int = 0
    deviated: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """The number of all uses."""
        return self.followed + self.deviated + self.failed


class EvidenceState(StrEnum):
    """The state of a message that an entry is based on."""

    THERE = "there"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A message that an entry is based on. `excerpt` is masked, and empty if it was deleted."""

    channel: ChannelId
    ts: str
    permalink: str
    author: UserId
    excerpt: str
    state: EvidenceState = EvidenceState.THERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The thread that an entry is captured in, and the messages that it comes from."""

    thread_ts: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision, handoff or escalation in its current state.

    `revision`: the one in force; for a draft, the one proposed last. `in_force_since`: when the
    revision came into force; None if that was when it was written.
    """

    id: EntryId
    team: TeamId
    key: Key
    state: State
    home: ChannelId
    revision: Revision
    created_at: datetime
    due_at: datetime
    certified_at: datetime | None = None
    certified_by: UserId | None = None
    thread_ts: str | None = None
    uses: UseCounts = UseCounts()
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[DueReason, ...] = ()
    in_force_since: datetime | None = None

    @property
    def reads_since(self) -> datetime:
        """When its current text came into force, which may be long after it was written."""
        return self.in_force_since or self.revision.at

    @property
    def content(self) -> Content:
        """The content of the revision in force."""
        return self.revision.content

    @property
    def title(self) -> str:
        """The title, as typed."""
        return self.revision.content.title

    @property
    def owner(self) -> UserId:
        """The person who answers for it."""
        return UserId(self.revision.content.owner)

    @property
    def backup(self) -> UserId:
        """The owner's backup; empty if there isn't one."""
        return UserId(self.revision.content.backup)

    @property
    def cited(self) -> Key:
        """The key of the exact revision in force, which uses are recorded against."""
        return Key(kind=self.key.kind, number=self.key.number, revision=self.revision.number)

    @property
    def is_draft(self) -> bool:
        """Whether it is waiting for its first approval."""
        return self.state is State.DRAFT

    @property
    def is_in_force(self) -> bool:
        """Whether people rely on it: it isn't a draft, withdrawn or retired."""
        return self.state is State.IN_FORCE

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn as a draft."""
        return self.state is State.WITHDRAWN

    @property
    def retired(self) -> bool:
        """Whether it is out of use."""
        return self.state is State.RETIRED

    def certification(self, now: datetime) -> Certification:
        """Return whether it is certified, due or overdue at this time."""
        return Certification.at(
            now,
            due_at=self.due_at,
            certified_at=self.certified_at,
            reasons=self.reasons,
            retired=self.retired,
        )

    @property
    def orphaned(self) -> bool:
        """Whether it is in force and its owner is gone."""
        gone = DueReasonKind.OWNER_GONE
        return self.is_in_force and any(
            reason.kind is gone and reason.about == self.owner for reason in self.reasons
        )

    @property
    def names(self) -> frozenset[Key]:
        """The keys of the entries that its fields link to; none if it isn't in force."""
        fields = FIELDS[self.key.kind] if self.is_in_force else ()
        texts = (self.content.text(field.name) for field in fields if field.shape is Shape.ENTRY)
        return frozenset(key for text in texts if (key := Key.parse(text)))
