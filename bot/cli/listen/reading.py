"""Let the listener hear an export, and count what it heard."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.cli.listen.heard import Ear
from bot.cli.listen.interrupt import Interrupt
from bot.cli.listen.progress import Progress
from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said
from bot.slack.export.reading import Export


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The dates between which messages are heard, both included; None has no end."""

    since: date | None = None
    until: date | None = None

    def includes(self, day: date) -> bool:
        """Return whether a date is in the period."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(slots=True)
class Heard:
    """Counts of what was heard. `is_complete`: whether the reading came to its end."""

    messages: int = 0
    first: datetime | None = None
    last: datetime | None = None
    channels: Counter[ChannelId] = field(default_factory=Counter)
    people: Counter[UserId] = field(default_factory=Counter)
    is_complete: bool = True

    def count(self, said: Said) -> None:
        """Count a message."""
        self.messages += 1
        self.first, self.last = self.first or said.at, said.at
        self.channels[said.channel] += 1
        self.people[said.user] += 1


def hear_export(
    export: Export, ear: Ear, *, period: Period, interrupt: Interrupt, progress: Progress
) -> Heard:
    """Let the listener hear each message of a period in order of time, until Ctrl-C."""
    heard = Heard()

    def coming() -> Iterator[Said]:
        for day in export.layout.days:
            for said in export.read_day(day):
                if interrupt.is_pressed:
                    heard.is_complete = False
                    return
                if period.includes(said.at.date()):
                    yield said
            progress.messages = heard.messages
            progress.advance(day.date, export.size(day))

    for said in ear.hear(coming()):
        heard.count(said)
    return heard
