"""Prompts: questions to people in threads, and their answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.entries import ChannelId, Entry, EntryId, TeamId, UserId
from bot.domain.gaps import Gap, GapId

PromptId = NewType("PromptId", int)


class Answer(StrEnum):
    """A person's answer to a prompt."""

    RECORDED = "recorded"
    USED = "used"
    OPENED = "opened"
    REFUSED = "refused"  # `Not recurring`, or `Not this` of an entry that covers nothing here
    HELPED = "helped"  # the entry that was shown helped
    PASSED_ON = "passed_on"  # `Someone else knows`
    MUTED = "muted"
    WITHDRAWN = "withdrawn"  # its message was deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPrompt:
    """A prompt as it is shown to one person in one thread.

    `kind`: the kind of entry that the matter reads like. `ts`: the message that it is about, such
    as the answer. `reason`: why it is shown, a `PromptReason`, or empty if an entry covers it.
    """

    channel: ChannelId
    thread_ts: str
    ts: str
    user: UserId
    kind: str
    at: datetime
    gap: GapId | None = None
    entry: EntryId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(NewPrompt):
    """A prompt and its answer. A thread is never prompted twice."""

    id: PromptId
    team: TeamId
    answer: str | None = None
    answered_by: UserId | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrompt:
    """A prompt with the entry or the gap that it shows, if the person may still see it."""

    prompt: Prompt
    entry: Entry | None = None
    gap: Gap | None = None
