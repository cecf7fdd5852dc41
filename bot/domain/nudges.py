"""Nudges: what waits for one person, told in one direct message a day at most."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from bot.domain.calendar import Calendar
from bot.domain.entries import ChannelId, EntryId, TeamId, UserId
from bot.domain.schedule import zone_of

NudgeId = NewType("NudgeId", int)

# So many entries stand in a nudge; the rest is counted. A line and its buttons are two blocks, of
# which a message takes 50.
LISTED: Final = 15


class About(StrEnum):
    """What is asked of a person, most urgent first."""

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


class Came(StrEnum):
    """What came of a nudge: all of it was handled, or its receiver wants none for now or ever."""

    DONE = "done"
    SNOOZED = "snoozed"
    NEVER = "never"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that waits: a revision of an entry, what is asked of it, and who handled it."""

    about: About
    entry: EntryId
    revision: int
    handled_by: UserId | None = None
    handled_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """That a posted nudge listed a thing: the receiver's day, and when the nudge was built."""

    day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """The nudge of a person for one day of theirs; unique by those two.

    `rest`: how much more waited than is listed. `channel` and `ts`: where it was posted.
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
    came: Came | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whether a person wants nudges: always, none before `until`, or, where it is `off`, none."""

    off: bool = False
    until: datetime | None = None

    def allows(self, moment: datetime) -> bool:
        """Whether they may be nudged then."""
        return not self.off and (self.until is None or self.until <= moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a person may be nudged: while they are at work, by their own clock."""

    calendar: Calendar
    timezone: str
    choice: Choice = Choice()

    def next(self, moment: datetime) -> datetime | None:
        """The first moment, not before `moment`, at which they may; None if never again."""
        if self.choice.off:
            return None
        asked = max(moment, self.choice.until or moment)
        return self.calendar.next_working(asked, self.timezone)

    def day(self, moment: datetime) -> date:
        """The day that it then is for them."""
        return moment.astimezone(zone_of(self.timezone)).date()

    def are_now(self, moment: datetime, day: date) -> bool:
        """Whether it is that day for them, and they may be nudged."""
        working = self.calendar.is_working(moment, self.timezone)
        return working and self.day(moment) == day and self.choice.allows(moment)
