"""Nudges: at most one direct message a day with everything that waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from bot.domain.calendar import Calendar
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.schedule import zone_of

NudgeId = NewType("NudgeId", int)

# A nudge lists this many entries and counts the rest. Each takes two blocks, for its line and its
# buttons, and a message holds 50.
LISTED: Final = 15


class About(StrEnum):
    """The tasks in a nudge, most urgent first."""

    APPROVAL = "approval"
    REVISION = "revision"
    REVIEW = "review"

    @property
    def heading(self) -> str:
        """The heading on the screen."""
        return {
            "approval": "Waiting for your approval",
            "revision": "Changes requested from you",
            "review": "Due for review",
        }[self.value]


class NudgeOutcome(StrEnum):
    """How a nudge ended: its items were handled, it was snoozed or turned off, or never sent."""

    DONE = "done"
    SNOOZED = "snoozed"
    NEVER = "never"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a nudge: a revision of an entry, what to do with it, and who did."""

    about: About
    entry: EntryId
    revision: int
    handled_by: UserId | None = None
    handled_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A nudge that listed an item: the receiver's local day, and when the nudge was built."""

    day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A person's nudge for one local day; there is at most one.

    `rest`: how many items are not listed. `channel` and `ts`: where it was posted.
    """

    id: NudgeId
    team: TeamId
    user: UserId
    day: date
    due_at: datetime
    built_at: datetime | None = None
    rest: int = 0
    items: tuple[Item, ...] = ()
    channel: ChannelId | None = None
    ts: str | None = None
    came: NudgeOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whether a person wants nudges: always, only from `until` on, or never if `off`."""

    off: bool = False
    until: datetime | None = None

    def allows(self, moment: datetime) -> bool:
        """Return whether the person may be nudged at this moment."""
        return not self.off and (self.until is None or self.until <= moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a person may be nudged: in working hours, in their own time zone."""

    calendar: Calendar
    timezone: str
    choice: Choice = Choice()

    def next(self, moment: datetime) -> datetime | None:
        """Return the first moment from `moment` on when they may be nudged; None if never."""
        if self.choice.off:
            return None
        earliest = max(moment, self.choice.until or moment)
        return self.calendar.next_working(earliest, self.timezone)

    def day(self, moment: datetime) -> date:
        """Return their local date at this moment."""
        return moment.astimezone(zone_of(self.timezone)).date()

    def are_now(self, moment: datetime, day: date) -> bool:
        """Return whether it is that day for them and they may be nudged now."""
        working = self.calendar.is_working(moment, self.timezone)
        return working and self.day(moment) == day and self.choice.allows(moment)
