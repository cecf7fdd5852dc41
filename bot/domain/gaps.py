"""An undocumented path: messages alike that keep coming back and that no entry covers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from bot.domain.entries import ChannelId, EntryId, UserId
from bot.domain.kinds import Kind

GapId = NewType("GapId", int)

# A path seen in fewer threads than this is chance; it is not shown.
RECURRING: Final = 2
# From here on a path prompts by itself, whatever one message scores.
PROMPTING: Final = 3


class GapState(StrEnum):
    """What became of a path."""

    OPEN = "open"
    RECORDED = "recorded"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One message of a path: a link and a short masked excerpt, which goes when it is deleted."""

    channel: ChannelId
    ts: str
    thread_ts: str
    author: UserId
    at: datetime
    permalink: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Messages alike, counted by thread. It stays in the channel where it arose.

    `act` is the act that its first message was (a value of `recognition.Act`). `terms` counts
    the content words of its samples and is what likeness is measured on.
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
        """The kind of entry that it leads to: a question asks for a rule."""
        return Kind(self.act) if self.act in tuple(Kind) else Kind.DECISION
