"""The weekly digest of a channel: its sections, its lines, and who handled them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NewType

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.gaps import GapId
from bot.domain.workspaces import Channel

DigestId = NewType("DigestId", int)
LineId = NewType("LineId", int)

# The outcome of a line about a gap that someone dismissed.
NOT_RECURRING: Final = "not recurring"
# The digest itself shows at most this many lines, so that a normal week fits on one screen; the
# other lines follow in its thread.
SHOWN: Final = 8
# The digest itself shows at most this many lines of one section.
SHOWN_OF_SECTION: Final = 3
# One message of the digest's thread holds this many lines.
CHUNK: Final = 16


class Section(StrEnum):
    """The sections of a digest, most urgent first.

    An entry is listed once, under its most urgent section. Without an owner no one answers its
    review or fixes it, so OWNER_GONE comes before DUE.
    """

    GAPS = "gaps"
    OWNER_GONE = "owner_gone"
    DUE = "due"
    FAILING = "failing"
    WAITING = "waiting"
    INCOMPLETE = "incomplete"
    CHANGED = "changed"

    @property
    def heading(self) -> str:
        """The heading on the screen."""
        return {
            "gaps": "Gaps",
            "owner_gone": "Owner gone",
            "due": "Due for review",
            "failing": "Failing",
            "waiting": "Waiting for approval",
            "incomplete": "Incomplete",
            "changed": "Changed this week",
        }[self.value]


# Only these reasons keep a line open: handling them is enough, even if the entry stays incomplete.
_KEEP_OPEN: Final = (
    Section.GAPS,
    Section.OWNER_GONE,
    Section.DUE,
    Section.FAILING,
    Section.WAITING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A reason of a line that a person handled."""

    by: UserId
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: the gap or entry it is about, the facts it states, and who handled it.

    An entry has one line, under its most urgent section. The line is handled once every reason for
    it is settled.
    """

    id: LineId
    section: Section
    position: int
    entry: EntryId | None = None
    gap: GapId | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    handled_by: UserId | None = None
    handled_at: datetime | None = None
    outcome: str = ""

    @property
    def rest(self) -> int:
        """Return how many lines the section leaves out, if this line says that; else 0."""
        return int(self.facts.get("rest", 0))

    @property
    def in_thread(self) -> bool:
        """Return whether the line is in the digest's thread."""
        return bool(self.facts.get("thread", self.position >= SHOWN_OF_SECTION))

    @property
    def reasons(self) -> tuple[Section, ...]:
        """Return the sections that this line stands for, most urgent first."""
        return tuple(map(Section, self.facts.get("reasons", ()))) or (self.section,)

    @property
    def was_dismissed(self) -> bool:
        """Return whether the line is about a gap that someone called not recurring."""
        return self.gap is not None and self.outcome == NOT_RECURRING

    @property
    def settled(self) -> Mapping[Section, Settled]:
        """Return the reasons that someone has handled while others are open."""
        done = self.facts.get("settled", {})
        return {
            Section(name): Settled(by=UserId(by), outcome=outcome)
            for name, (by, outcome) in done.items()
        }

    @property
    def open_reasons(self) -> tuple[Section, ...]:
        """Return the reasons that no one has handled, most urgent first."""
        if self.handled_by is not None:
            return ()
        return tuple(reason for reason in self.reasons if reason not in self.settled)

    def settles(self, sections: Collection[Section]) -> bool:
        """Return whether one of these is an open reason of this line."""
        return any(reason in _settled_with(sections) for reason in self.open_reasons)

    def facts_once_settled(
        self, sections: Collection[Section], settled: Settled
    ) -> Mapping[str, Any] | None:
        """Return the facts of this line once these reasons are settled; None if none stays open."""
        done = [reason for reason in self.open_reasons if reason in _settled_with(sections)]
        left = [reason for reason in self.open_reasons if reason not in done]
        if not any(reason in _KEEP_OPEN for reason in left):
            return None
        added = {reason.value: [settled.by, settled.outcome] for reason in done}
        return {**self.facts, "settled": {**self.facts.get("settled", {}), **added}}


def _settled_with(sections: Collection[Section]) -> set[Section]:
    """Add the reasons that are settled too: a verdict on an entry also settles its failures."""
    return {*sections, Section.FAILING} if Section.DUE in sections else set(sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One digest of one channel for one period; unique by those three.

    `period`: the date of a weekly digest, or the minute of one that a person asked for. `figures`:
    the headline counts by name, stored so that next week's digest can compare. `ts`: Slack's
    timestamp once it is posted.
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

    @property
    def posted_at(self) -> datetime | None:
        """When it was posted; None before that."""
        return None if self.ts is None else datetime.fromtimestamp(float(self.ts), UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDigest:
    """A digest and what is shown around its lines.

    `before`: the figures of the previous weekly digest. `before_at`: its date, if it isn't last
    week's.
    """

    digest: Digest
    channel: Channel
    before: Mapping[str, int]
    before_at: datetime | None
    last_posted: datetime | None
    late: bool

    def section(self, section: Section) -> tuple[Line, ...]:
        """Return the lines of a section that the digest itself shows."""
        return tuple(line for line in self.of(section) if not line.in_thread)

    def more(self, section: Section) -> int:
        """Return how many lines of a section are in the thread."""
        return sum(line.in_thread and not line.rest for line in self.of(section))

    def rest(self, section: Section) -> int:
        """Return how many lines a section leaves out, in the thread too."""
        return sum(line.rest for line in self.of(section))

    def of(self, section: Section) -> tuple[Line, ...]:
        """Return all lines of a section."""
        return tuple(line for line in self.digest.lines if line.section is section)

    def chunk(self, number: int) -> tuple[Line, ...]:
        """Return the lines of one message of the digest's thread, counted from 0."""
        return self._thread[number * CHUNK : (number + 1) * CHUNK]

    @property
    def chunks(self) -> int:
        """Return how many messages follow in the digest's thread."""
        return -(-len(self._thread) // CHUNK)

    def chunk_of(self, line_id: int) -> int | None:
        """Return the message of the thread that holds a line; None for the digest itself."""
        ids = [line.id for line in self._thread]
        return ids.index(LineId(line_id)) // CHUNK if line_id in ids else None

    @property
    def _thread(self) -> tuple[Line, ...]:
        return tuple(line for line in self.digest.lines if line.in_thread)


def shown_counts(counts: Mapping[Section, int]) -> Mapping[Section, int]:
    """Return how many lines of each section the digest itself shows.

    Every section shows one; the rest of the room goes to the most urgent sections.
    """
    shown = {section: min(1, count) for section, count in counts.items()}
    for section in Section:
        room = max(0, SHOWN - sum(shown.values()))
        wanted = min(counts.get(section, 0), SHOWN_OF_SECTION) - shown.get(section, 0)
        if wanted > 0:
            shown[section] += min(room, wanted)
    return shown
