"""An entry: its key, its home, its owner and the revision in force."""

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
        """Read `dec-12`, `DEC 12`, `dec12` or `DEC-12@3`; None if it is no key."""
        found = _KEY.fullmatch(text)
        if found is None:
            return None
        prefix, number, revision = found.groups()
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

    A draft is an entry of which no revision has been in force yet; it becomes `in_force` with its
    first approval, or is `withdrawn`.
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
    """How often an entry was used since what it says last changed, by outcome."""

    followed: int = 0
    deviated: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """All uses, however they went."""
        return self.followed + self.deviated + self.failed


class EvidenceState(StrEnum):
    """What became of the message that an entry rests on."""

    THERE = "there"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A message that an entry came from. `excerpt` is masked, and empty once it is deleted."""

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
    """One decision, handoff or escalation as it stands now.

    `revision`: the one in force; of a draft, the one proposed last. `in_force_since`: when its
    revision came into force; None where that was when it was written.
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
        """Since when it says what it says: a change may have waited long for its approval."""
        return self.in_force_since or self.revision.at

    @property
    def content(self) -> Content:
        """What the revision in force says."""
        return self.revision.content

    @property
    def title(self) -> str:
        """Its title, as people typed it."""
        return self.revision.content.title

    @property
    def owner(self) -> UserId:
        """Who answers for it."""
        return UserId(self.revision.content.owner)

    @property
    def backup(self) -> UserId:
        """Who stands in for the owner; empty if nobody does."""
        return UserId(self.revision.content.backup)

    @property
    def cited(self) -> Key:
        """The key of the exact revision in force: what a use is recorded against."""
        return Key(kind=self.key.kind, number=self.key.number, revision=self.revision.number)

    @property
    def is_draft(self) -> bool:
        """Whether it still waits for its first approval."""
        return self.state is State.DRAFT

    @property
    def is_in_force(self) -> bool:
        """Whether people rely on it: it is neither a draft nor withdrawn nor retired."""
        return self.state is State.IN_FORCE

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was a draft and was withdrawn before it was in force."""
        return self.state is State.WITHDRAWN

    @property
    def retired(self) -> bool:
        """Whether it is out of use."""
        return self.state is State.RETIRED

    def certification(self, now: datetime) -> Certification:
        """How it stands with its reviews."""
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
            one.kind is gone and one.about == self.owner for one in self.reasons
        )

    @property
    def names(self) -> frozenset[Key]:
        """The entries that its fields name, as long as it is in force."""
        fields = FIELDS[self.key.kind] if self.is_in_force else ()
        texts = (self.content.text(each.name) for each in fields if each.shape is Shape.ENTRY)
        return frozenset(key for text in texts if (key := Key.parse(text)))
