"""Prompts: questions to people in threads, and their answers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from bot.domain.entries import ChannelId, Entry, EntryId, TeamId, UserId
from bot.domain.gaps import Gap, GapId

PromptId = NewType("PromptId", int)


class Answer(StrEnum):
    """A person's answer to a prompt."""

    STARTED = "started"  # `Record it` opened the form, which isn't saved yet
    RECORDED = "recorded"
    USED = "used"
    OPENED = "opened"
    REFUSED = "refused"  # `Not recurring`, or `Not this` of an entry that covers nothing here
    HELPED = "helped"  # the entry that was shown helped
    PASSED_ON = "passed_on"  # `Someone else knows`
    MUTED = "muted"
    WITHDRAWN = "withdrawn"  # its message was deleted


# After these answers, the same person can still give another one.
PASSING_ANSWERS: Final = (Answer.STARTED, Answer.OPENED, Answer.MUTED)


class PromptOutcome(StrEnum):
    """How a prompt ended, as the figures count it."""

    RECORDED = "recorded"
    NOT_SAVED = "not_saved"  # `Record it` opened the form, and no one saved it
    NOT_RECURRING = "not_recurring"
    HELPED = "helped"  # the entry that was shown helped, was used or was opened
    NOT_THIS = "not_this"
    PASSED_ON = "passed_on"
    MUTED = "muted"

    @classmethod
    def of(cls, answer: str, *, shows_entry: bool) -> "PromptOutcome | None":
        """Return how a prompt with this answer ended; None if no one answered it."""
        if answer == Answer.REFUSED:
            return cls.NOT_THIS if shows_entry else cls.NOT_RECURRING
        return {
            Answer.STARTED.value: cls.NOT_SAVED,
            Answer.RECORDED.value: cls.RECORDED,
            Answer.USED.value: cls.HELPED,
            Answer.OPENED.value: cls.HELPED,
            Answer.HELPED.value: cls.HELPED,
            Answer.PASSED_ON.value: cls.PASSED_ON,
            Answer.MUTED.value: cls.MUTED,
        }.get(answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptTally:
    """How many messages were heard, how many prompts were shown, and how these ended."""

    messages: int = 0
    prompts: int = 0
    outcomes: Mapping[PromptOutcome, int] = field(default_factory=dict)

    @classmethod
    def total(cls, tallies: Iterable["PromptTally"]) -> "PromptTally":
        """Return the sum of several tallies."""
        outcomes: Counter[PromptOutcome] = Counter()
        messages = prompts = 0
        for tally in tallies:
            messages, prompts = messages + tally.messages, prompts + tally.prompts
            outcomes.update(tally.outcomes)
        return cls(messages=messages, prompts=prompts, outcomes=outcomes)

    @property
    def figures(self) -> Mapping[str, int]:
        """The counts by name."""
        outcomes = {outcome.value: self.outcomes.get(outcome, 0) for outcome in PromptOutcome}
        return {"messages": self.messages, "prompts": self.prompts, **outcomes}


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

    @property
    def is_answered(self) -> bool:
        """Whether the person gave an answer that stays."""
        return self.answer is not None and self.answer not in PASSING_ANSWERS


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrompt:
    """A prompt with the entry or the gap that it shows, if the person may still see it.

    `timezone`: of the person, for the days that it names.
    """

    prompt: Prompt
    timezone: str = "UTC"
    entry: Entry | None = None
    gap: Gap | None = None
