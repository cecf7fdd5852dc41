"""Prompts: questions to people in threads, and their answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.gaps import GapId

PromptId = NewType("PromptId", int)


class Answer(StrEnum):
    """A person's answer to a prompt."""

    RECORDED = "recorded"
    USED = "used"
    OPENED = "opened"
    REFUSED = "refused"  # `Not this time`: similar messages don't prompt for a while
    MUTED = "muted"
    WITHDRAWN = "withdrawn"  # its message was deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPrompt:
    """A prompt as it is shown to one person in one thread.

    `kind`: the kind of entry that the message reads like. `terms`: the counts of the message's
    content words, to compare later messages with a refused one.
    """

    channel: ChannelId
    thread_ts: str
    ts: str
    user: UserId
    kind: str
    at: datetime
    gap: GapId | None = None
    entry: EntryId | None = None
    terms: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(NewPrompt):
    """A prompt and its answer. A thread is never prompted twice."""

    id: PromptId
    team: TeamId
    answer: str | None = None
    answered_by: UserId | None = None
    answered_at: datetime | None = None
