"""The weekly digest of a channel: its sections, its lines and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.paths import PathId

DigestId = NewType("DigestId", int)
LineId = NewType("LineId", int)

# So many lines of a section stand in the digest itself; the rest follows in its thread. A line with
# its buttons takes two blocks, so six sections of three lines stay under Slack's 50 blocks a message.
LINES_SHOWN: Final = 3


class Section(StrEnum):
    """The sections of a digest, most urgent first."""

    UNDOCUMENTED = "undocumented"
    DUE = "due"
    OWNER_GONE = "owner_gone"
    FAILING = "failing"
    THIN = "thin"
    CHANGED = "changed"

    @property
    def heading(self) -> str:
        """The heading on the screen."""
        return {
            "undocumented": "Undocumented",
            "due": "Due for review",
            "owner_gone": "Owner gone",
            "failing": "Failing",
            "thin": "Still thin",
            "changed": "Changed this week",
        }[self.value]


@dataclass(frozen=True)
class Line:
    """One line: what it is about, its words at that time, and who handled it."""

    id: LineId
    section: Section
    position: int
    entry: EntryId | None = None
    path: PathId | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    handled_by: UserId | None = None
    handled_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Digest:
    """One digest of one channel for one period; unique by those three.

    `figures`: the headline counts by name, kept so that next week's can stand beside them.
    `ts`: Slack's timestamp once it is posted.
    """

    id: DigestId
    team: TeamId
    channel: ChannelId
    period: str
    due_at: datetime
    built_at: datetime | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    ts: str | None = None
