"""The weekly digest of a channel: its sections, its lines and what became of each."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, NewType

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.paths import PathId
from bot.domain.workspaces import Channel

DigestId = NewType("DigestId", int)
LineId = NewType("LineId", int)

# So many lines of a section stand in the digest itself; the rest follows in its thread. A line and
# its buttons are two blocks, so seven sections of three lines stay under Slack's 50 a message.
LINES_SHOWN: Final = 3
# So many lines go into one message of the digest's thread.
CHUNK: Final = 16


class Section(StrEnum):
    """The sections of a digest, most urgent first."""

    UNDOCUMENTED = "undocumented"
    DUE = "due"
    OWNER_GONE = "owner_gone"
    FAILING = "failing"
    WAITING = "waiting"
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
            "waiting": "Waiting for approval",
            "thin": "Still thin",
            "changed": "Changed this week",
        }[self.value]


class Line(NamedTuple):
    """One line: what it is about, its words at that time, and who handled it."""

    id: LineId
    section: Section
    position: int
    entry: EntryId | None = None
    path: PathId | None = None
    facts: Mapping[str, Any] = {}
    handled_by: UserId | None = None
    handled_at: datetime | None = None
    outcome: str = ""

    @property
    def rest(self) -> int:
        """How many the section leaves out, if this line says that; else 0."""
        return int(self.facts.get("rest", 0))


class Digest(NamedTuple):
    """One digest of one channel for one period; unique by those three.

    `period`: the date of a weekly one, the minute of one that was asked for in between.
    `figures`: the headline counts by name, kept so that next week's can stand beside them.
    `ts`: Slack's timestamp once it is posted.
    """

    id: DigestId
    team: TeamId
    channel: ChannelId
    period: str
    due_at: datetime
    built_at: datetime | None = None
    figures: Mapping[str, int] = {}
    lines: tuple[Line, ...] = ()
    ts: str | None = None

    @property
    def posted_at(self) -> datetime | None:
        """When it was posted, which its timestamp tells; None before that."""
        return None if self.ts is None else datetime.fromtimestamp(float(self.ts), UTC)


class Shown(NamedTuple):
    """A digest with what stands around its lines.

    `before`: the figures of the last weekly one; `before_at`: of when they are, if not last week's.
    """

    digest: Digest
    channel: Channel
    before: Mapping[str, int]
    before_at: datetime | None
    last_posted: datetime | None
    late: bool

    def section(self, section: Section) -> tuple[Line, ...]:
        """The lines of a section that stand in the digest itself."""
        return tuple(line for line in self.of(section) if line.position < LINES_SHOWN)

    def more(self, section: Section) -> int:
        """How many lines of a section go on in the thread."""
        return max(0, sum(not line.rest for line in self.of(section)) - LINES_SHOWN)

    def rest(self, section: Section) -> int:
        """How many a section leaves out, of the thread too."""
        return sum(line.rest for line in self.of(section))

    def of(self, section: Section) -> tuple[Line, ...]:
        """All lines of a section."""
        return tuple(line for line in self.digest.lines if line.section is section)

    def chunk(self, number: int) -> tuple[Line, ...]:
        """The lines of the message of that number, from 0, in the digest's thread."""
        rest = [line for line in self.digest.lines if line.position >= LINES_SHOWN]
        return tuple(rest[number * CHUNK : (number + 1) * CHUNK])

    @property
    def chunks(self) -> int:
        """How many messages follow in its thread."""
        rest = sum(line.position >= LINES_SHOWN for line in self.digest.lines)
        return -(-rest // CHUNK)

    def chunk_of(self, line_id: int) -> int | None:
        """The message of the thread in which a line stands; None for the digest itself."""
        rest = [line.id for line in self.digest.lines if line.position >= LINES_SHOWN]
        return rest.index(LineId(line_id)) // CHUNK if line_id in rest else None
