"""Gaps: similar messages that keep coming back and that no entry covers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from bot.domain.entries import ChannelId, EntryId, UserId
from bot.domain.kinds import Kind

GapId = NewType("GapId", int)

# A gap is shown once it occurred in this many threads; fewer may be chance.
RECURRING: Final = 2
# From this many threads on, a gap prompts whatever the score of its messages.
PROMPTING: Final = 3


class GapState(StrEnum):
    """Whether a gap is open, or how it was settled."""

    OPEN = "open"
    RECORDED = "recorded"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One message of a gap: a link, and a masked excerpt until the message is deleted."""

    channel: ChannelId
    ts: str
    thread_ts: str
    author: UserId
    at: datetime
    permalink: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Similar messages of one channel, counted by thread.

    `act`: the speech act of the first message, a value of `SpeechAct`. `terms`: the counts of the
    content words of its occurrences, to compare messages with.
    """

    id: GapId
    channel: ChannelId
    act: str
    title: str
    terms: Mapping[str, int]
    threads: int
    first_at: datetime
    last_at: datetime
    state: GapState = GapState.OPEN
    entry: EntryId | None = None
    occurrences: tuple[Occurrence, ...] = ()

    @property
    def kind(self) -> Kind:
        """The kind of entry that would close the gap; a decision for a question."""
        return Kind(self.act) if self.act in tuple(Kind) else Kind.DECISION
