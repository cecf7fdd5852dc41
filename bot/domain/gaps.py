"""Gaps: recurring matters that no entry covers, and the threads in which they came up."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from bot.domain.entries import ChannelId, EntryId, UserId
from bot.domain.kinds import Kind

GapId = NewType("GapId", int)

# A gap is shown once it occurred in this many threads; fewer may be chance.
RECURRING: Final = 2
# A group of threads is shown if it's one recurring matter with at least this probability.
SHOWN: Final = 0.5


class GapState(StrEnum):
    """Whether a gap is open, or how it was settled."""

    OPEN = "open"
    RECORDED = "recorded"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One thread in which a gap's matter came up.

    `ts`, `author` and `excerpt` are of the message that opened it; `answer` is an excerpt of the
    message that settled it, empty if none did. Excerpts are masked.
    """

    channel: ChannelId
    ts: str
    thread_ts: str
    author: UserId
    at: datetime
    permalink: str
    excerpt: str
    answer: str = ""
    answer_ts: str | None = None
    answerer: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGap:
    """The facts about a recurring matter.

    `act`: the speech act that its threads read most like, a value of `SpeechAct`. `probability`:
    how likely its threads are one matter, 0 to 1. `answerer`: who usually settles it.
    """

    channel: ChannelId
    act: str
    title: str
    probability: float = 1.0
    answerer: UserId | None = None
    occurrences: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(NewGap):
    """A recurring matter of one channel. `people`: how many opened or settled its threads.

    `searches`: how often people searched for it or asked Opslore directly, without an answer; a
    person counts once a day. `people` and `days` count both.
    `renamed`: a person named it, so its title stays. `occurrences`: the newest ones, or all.
    """

    id: GapId
    threads: int
    people: int
    days: int
    searches: int = 0
    first_at: datetime
    last_at: datetime
    renamed: bool = False
    state: GapState = GapState.OPEN
    entry: EntryId | None = None

    @property
    def kind(self) -> Kind:
        """The kind of entry that would close the gap; a decision for a question."""
        return Kind(self.act) if self.act in tuple(Kind) else Kind.DECISION
